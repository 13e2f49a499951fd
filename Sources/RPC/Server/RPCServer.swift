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

        public var description: String {
            switch self {
            case .duplicateMethods(let names): "methods are served twice, or share an id: \(names.joined(separator: ", "))"
            case .alreadyStarted: "the server was started before"
            }
        }
    }

    private enum State {
        case new
        case starting
        case listening(any Channel)
        case stopped
    }

    private let core: ServerCore
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
        core = ServerCore(
            table: ServiceTable(services: services, interceptors: interceptors), options: options, group: eventLoopGroup, logger: logger)
    }

    /// Listens, and answers where.
    @discardableResult
    public func start() async throws -> ServerAddress {
        guard duplicates.isEmpty else { throw StartError.duplicateMethods(duplicates) }
        try beginStarting()
        let channel = try await bootstrap().bind(host: core.options.host, port: core.options.port).get()
        state.withLock { $0 = .listening(channel) }
        return ServerAddress(host: core.options.host, port: channel.localAddress?.port ?? core.options.port)
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
        let channel = state.withLock { state -> (any Channel)? in
            defer { state = .stopped }
            guard case .listening(let channel) = state else { return nil }
            return channel
        }
        try? await channel?.close().get()
        for connection in core.connections.beginClosing() {
            connection.pipeline.fireUserInboundEventTriggered(DrainRequest(grace: grace))
        }
        await core.connections.waitUntilEmpty()
    }

    /// Calls whose handlers have not returned.
    public var callsInFlight: Int {
        core.gate.count
    }

    /// Connections that are open.
    public var connectionCount: Int {
        core.connections.count
    }

    private func beginStarting() throws {
        try state.withLock { state in
            guard case .new = state else { throw StartError.alreadyStarted }
            state = .starting
        }
    }

    private func bootstrap() -> ServerBootstrap {
        let highWater = core.options.limits.outboundHighWaterBytes
        return ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 1024)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelOption(.writeBufferWaterMark, value: .init(low: highWater / 2, high: highWater))
            .childChannelInitializer { [core] channel in
                guard core.connections.add(channel) else {
                    core.logger.warning("a connection is refused: there are too many, or the server is stopping")
                    return channel.close()
                }
                channel.closeFuture.whenComplete { _ in core.connections.remove(channel) }
                return channel.eventLoop.makeCompletedFuture {
                    let connection = ServerConnection(core: core, resources: core.resources(of: channel.eventLoop))
                    try channel.pipeline.syncOperations.addHandler(connection)
                }
            }
    }
}
