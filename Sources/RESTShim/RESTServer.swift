import Contracts
import HummingbirdCore
public import Logging
public import NIOCore
public import RPC
public import ServiceKit
public import ServiceLifecycle

/// The public door: HTTP on one side, calls to the services on the other. Built here for main and for tests alike.
///
/// Hummingbird listens, counts connections and drains them; ``HTTPConnection`` speaks HTTP on each.
public struct RESTServer: Service {
    private let configuration: RESTServerConfiguration
    private let responder: RESTResponder
    private let eventLoopGroup: any EventLoopGroup
    private let logger: Logger
    private let onListening: @Sendable (Int) async -> Void

    /// - Parameters:
    ///   - routes: what is answered; every route of the contracts where not given.
    ///   - channels: the way to each service that is configured, by its short name: `patient`.
    ///   - onListening: told the port, once requests are answered.
    public init(
        _ configuration: RESTServerConfiguration, routes: [Route] = Contracts.routes, channels: [String: any RPCChannel],
        verifier: TokenVerifier, eventLoopGroup: any EventLoopGroup, requestLog: RequestLog, logger: Logger,
        onListening: @escaping @Sendable (Int) async -> Void = { _ in }
    ) {
        self.configuration = configuration
        self.eventLoopGroup = eventLoopGroup
        self.logger = logger
        self.onListening = onListening
        let transcoder = Transcoder(
            gate: Gate(verifier: verifier), defaultTimeout: configuration.defaultTimeout, maximumTimeout: configuration.maximumTimeout,
            logger: logger)
        let readiness = Readiness(channels: channels, timeout: configuration.readinessTimeout)
        let description = Page.document("/openapi.json", Contracts.openAPI, contentType: "application/json")
        let pages: [Page] = [.livez, readiness.page, description, .docs]
        let resources = PathTrie(routes: routes, pages: pages, channels: channels)
        responder = RESTResponder(resources: resources, transcoder: transcoder, requestLog: requestLog)
    }

    /// Serves until the surrounding service group stops, then lets requests under way finish.
    public func run() async throws {
        let limits = configuration.limits
        let onListening = onListening
        let server = Server(
            childChannelSetup: HTTPChildChannel(limits: limits, responder: responder, eventLoopGroup: eventLoopGroup),
            configuration: ServerConfiguration(
                address: .hostname(configuration.host, port: configuration.port), backlog: 1024,
                availableConnectionsDelegate: MaximumAvailableConnections(limits.connectionCount, logger: logger)),
            onServerRunning: { channel in await onListening(channel.localAddress?.port ?? 0) },
            eventLoopGroup: eventLoopGroup, logger: logger)
        try await server.run()
    }
}
