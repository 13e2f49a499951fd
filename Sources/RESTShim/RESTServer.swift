import Contracts
public import Logging
public import MetricsRegistry
public import NIOCore
import PublicRoutes
public import RPC
import Routes
public import ServiceKit
public import ServiceLifecycle

/// The public door: HTTP on one side, calls to the services on the other. Built here for main and for tests alike.
///
/// ``HTTPListener`` accepts connections and drains them; ``HTTPConnection`` speaks HTTP/1.1 on each, ``HTTP2Requests``
/// answers on those whose clients speak HTTP/2.
public struct RESTServer: Service {
    /// What is asked of all services at once.
    private static let audit = "audit"

    private let configuration: RESTServerConfiguration
    private let responder: RESTResponder
    private let methods: PublicMethods
    private let requestMetrics: RequestMetrics
    private let eventLoopGroup: any EventLoopGroup
    private let logger: Logger
    private let onListening: @Sendable (Int) async -> Void

    /// - Parameters:
    ///   - routes: what is answered; every route of the contracts where not given.
    ///   - calls: methods by their own names; every one of the contracts where not given.
    ///   - channels: the way to each service that is configured, by its short name: `patient`.
    ///   - replicas: the way to each process of a service alone, where there are several.
    ///   - recorder: remembers what requests did; one of its own where not given.
    ///   - onListening: told the port, once requests are answered.
    public init(
        _ configuration: RESTServerConfiguration, routes: [Route] = Contracts.routes, calls: [Route] = Contracts.calls,
        channels: [String: any RPCChannel], replicas: [String: [any RPCChannel]] = [:], verifier: TokenVerifier,
        eventLoopGroup: any EventLoopGroup, requestLog: RequestLog, metrics: Metrics = Metrics(), recorder: SpanRecorder? = nil,
        logger: Logger, onListening: @escaping @Sendable (Int) async -> Void = { _ in }
    ) {
        self.configuration = configuration
        self.eventLoopGroup = eventLoopGroup
        self.logger = logger
        self.onListening = onListening
        let transcoder = Transcoder(
            defaultTimeout: configuration.defaultTimeout, maximumTimeout: configuration.maximumTimeout,
            bodyByteCount: configuration.limits.bodyByteCount, proxies: TrustedProxies(networks: configuration.rates.trustedProxies),
            logger: logger)
        let readiness = ReadinessProbe(
            routes: routes.filter { $0.method.serviceName != Self.audit }, channels: channels, timeout: configuration.readinessTimeout)
        let description = ShimPage.document("/openapi.json", Contracts.openAPI, contentType: "application/json")
        let pages: [ShimPage] = [.root, .livez, readiness.page, description, .docs, .ops]
        let recorder = recorder ?? SpanRecorder(service: "rest", configuration.traces)
        let processes = channels.sorted { $0.key < $1.key }.flatMap { service, channel in
            (replicas[service] ?? [channel]).map { (service: service, channel: $0) }
        }
        let view = HospitalView(processes: processes, recorder: recorder, metrics: metrics)
        requestMetrics = RequestMetrics(metrics)
        let all = channels.isEmpty ? [:] : channels.merging([Self.audit: AuditOfAllServices(services: channels)]) { own, _ in own }
        let signIn = Self.signInDoor(configuration, logger)
        let resources = PathTrie(
            routes: routes, calls: calls, pages: pages, operations: OperatorEndpoint.all(view), signIn: signIn?.endpoints ?? [],
            channels: all, metrics: requestMetrics)
        let (authenticator, rateLimits) = (Authenticator(verifier: verifier), RateLimits(configuration.rates, cache: configuration.cache))
        responder = RESTResponder(
            resources: resources, authenticator: authenticator, signIn: signIn, transcoder: transcoder, rateLimits: rateLimits,
            requestLog: requestLog,
            metrics: requestMetrics, recorder: recorder)
        methods = PublicMethods(
            routes.map(\.method) + Contracts.methods, channels: all, authenticator: authenticator, rateLimits: rateLimits,
            transcoder: transcoder, requestLog: requestLog, metrics: requestMetrics, recorder: recorder)
    }

    /// Nil where people bring tokens only.
    private static func signInDoor(_ configuration: RESTServerConfiguration, _ logger: Logger) -> SignInDoor? {
        guard let signIn = configuration.signIn else { return nil }
        do {
            return try SignInDoor(
                signIn, hasTLS: configuration.credentials != nil, proxies: TrustedProxies(networks: configuration.rates.trustedProxies),
                cache: configuration.sessionCache, cost: configuration.passwordCost, throttle: configuration.passwordThrottle,
                logger: logger)
        } catch {
            logger.error("Nobody can sign in with a password", metadata: ["error": "\(error)"])
            return nil
        }
    }

    /// Serves until the surrounding service group stops, then lets requests under way finish.
    public func run() async throws {
        let core = HTTPServerCore(
            limits: possibleLimits(), room: RequestRoom(Admission(configuration.admission)), credentials: configuration.credentials,
            responder: responder, methods: methods, eventLoopGroup: eventLoopGroup, metrics: requestMetrics,
            traceRate: configuration.traces.rate, logger: logger)
        let listener = try await HTTPListener.start(configuration, core: core, on: eventLoopGroup)
        await withTaskCancellationHandler {
            await withGracefulShutdownHandler {
                await onListening(listener.port)
                await listener.waitUntilClosed()
            } onGracefulShutdown: {
                listener.drain()
            }
        } onCancel: {
            listener.closeAtOnce()
        }
    }

    /// The configured limits, or what the system leaves of them.
    private func possibleLimits() -> HTTPLimits {
        let descriptorCount = FileDescriptorLimit.current
        let limits = configuration.limits.within(descriptorCount: descriptorCount)
        if limits.connectionCount < configuration.limits.connectionCount {
            logger.warning(
                "The system's limit of open files allows fewer connections than configured",
                metadata: ["open_files": "\(descriptorCount)", "connections": "\(limits.connectionCount)"])
        }
        return limits
    }
}
