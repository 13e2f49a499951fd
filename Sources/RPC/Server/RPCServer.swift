public import Logging
public import NIOCore
public import NIOPosix
import Synchronization

/// Serves the methods of some services on a port.
public final class RPCServer: Sendable {
    /// Why a server can't start.
    public enum StartError: Error, CustomStringConvertible {
        case duplicateMethods([String])
        case alreadyStarted
        /// It was stopped before it listened.
        case stopped

        public var description: String {
            switch self {
            case .duplicateMethods(let names): "methods are served twice, or share an id: \(names.joined(separator: ", "))"
            case .alreadyStarted: "the server was started before"
            case .stopped: "the server was stopped while it started"
            }
        }
    }

    private enum State {
        case new
        case starting(EventLoopFuture<any Channel>)
        case listening(any Channel)
        case stopped
    }

    private let environment: ServerEnvironment
    private let group: any EventLoopGroup
    private let duplicates: [String]
    private let state = Mutex(State.new)

    /// Interceptors stand around every call, the first outermost.
    public init(
        services: [any RPCService], interceptors: [any ServerInterceptor] = [], options: RPCServerOptions = RPCServerOptions(),
        eventLoopGroup: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton, logger: Logger
    ) {
        group = eventLoopGroup
        duplicates = ServiceTable.duplicates(in: services)
        environment = ServerEnvironment(
            table: ServiceTable(services: services, interceptors: interceptors, logger: logger), options: options, group: eventLoopGroup,
            logger: logger)
    }

    /// Listens, and answers where.
    @discardableResult
    public func start() async throws -> ServerAddress {
        guard duplicates.isEmpty else { throw StartError.duplicateMethods(duplicates) }
        let channel = try await bind()
        return ServerAddress(host: environment.options.host, port: channel.localAddress?.port ?? environment.options.port)
    }

    /// Starts, unless it was started, and returns once the server has stopped. Cancelling it stops the server at once.
    public func run() async throws {
        if case .new = state.withLock({ $0 }) { try await start() }
        guard case .listening(let channel) = state.withLock({ $0 }) else { return }
        try await withTaskCancellationHandler {
            try await channel.closeFuture.get()
        } onCancel: {
            channel.close(promise: nil)
        }
        await shutdownGracefully(grace: .zero)
    }

    /// Stops listening, tells every client to go elsewhere, lets calls end within `grace`, and closes.
    public func shutdownGracefully(grace: Duration) async {
        await stopListening()
        for connection in environment.connections.beginClosing() {
            connection.pipeline.fireUserInboundEventTriggered(DrainRequest(grace: grace))
        }
        await environment.connections.waitUntilEmpty()
    }

    /// Calls whose handlers have not returned.
    public var callsInFlight: Int {
        environment.load.callsInFlight
    }

    /// How many of them it takes on at present.
    public var callsLimit: Int {
        environment.load.admission.limit
    }

    /// Calls that were turned down since the start, because too much was in flight.
    public var callsShed: Int {
        environment.load.callsShed
    }

    /// Of the calls in flight, those that are answered by a stream.
    public var streamsInFlight: Int {
        environment.load.streamsInFlight
    }

    /// Bytes that requests in flight, incomplete frames and unread answers hold.
    public var heldBytes: Int {
        environment.load.heldBytes
    }

    /// Connections that are open.
    public var connectionCount: Int {
        environment.connections.count
    }

    /// Binding that a stop overtakes ends in ``StartError/stopped``, with nobody listening.
    private func bind() async throws -> any Channel {
        let binding = try state.withLock { state in
            guard case .new = state else { throw StartError.alreadyStarted }
            let binding = listen()
            state = .starting(binding)
            return binding
        }
        let channel = try await binding.get()
        try state.withLock { state in
            guard case .starting = state else { throw StartError.stopped }
            state = .listening(channel)
        }
        return channel
    }

    private func listen() -> EventLoopFuture<any Channel> {
        let options = environment.options
        if let listener = options.listener { return bootstrap().withBoundSocket(listener) }
        return bootstrap().bind(host: options.host, port: options.port)
    }

    /// A listener that is closed already, or was never bound, is as good as one that is closed now.
    private func stopListening() async {
        let last = state.withLock { state in
            defer { state = .stopped }
            return state
        }
        switch last {
        case .new, .stopped: break
        case .starting(let binding): try? await binding.get().close().get()
        case .listening(let channel): try? await channel.close().get()
        }
    }

    private func bootstrap() -> ServerBootstrap {
        ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 1024)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelOption(.writeBufferWaterMark, value: environment.options.limits.writeBufferWaterMark)
            .childChannelInitializer { [environment] channel in Self.setUp(channel, environment) }
    }

    /// Lets a connection in where there is room for it, and for its handshake.
    private static func setUp(_ channel: any Channel, _ environment: ServerEnvironment) -> EventLoopFuture<Void> {
        guard environment.connections.add(channel) else {
            environment.logger.warning("a connection is refused: there are too many, or the server is stopping")
            return channel.close()
        }
        channel.closeFuture.whenComplete { _ in environment.connections.remove(channel) }
        guard environment.options.tls == nil || environment.handshakes.begin() else {
            environment.logger.warning("a connection is refused: too many TLS handshakes are under way")
            return channel.close()
        }
        return channel.eventLoop.makeCompletedFuture {
            do {
                try environment.options.tls?.credentials.secureServer(channel)
                let connection = ServerConnectionHandler(
                    environment: environment, resources: environment.resources(of: channel.eventLoop))
                try environment.options.portSharing?.share(
                    SharedPort(channel: channel, connection: connection, environment: environment))
                try channel.pipeline.syncOperations.addHandler(connection)
            } catch {
                if environment.options.tls != nil { environment.handshakes.end() }
                throw error
            }
        }
    }
}
