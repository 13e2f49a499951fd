import NIOCore
import NIOPosix

/// The listening socket of the server: accepts connections until it is told to stop, and lets those that are open end.
struct HTTPListener: Sendable {
    private let channel: any Channel
    private let connections: OpenConnections

    /// Connections that the system keeps until they are accepted.
    private static let backlog: Int32 = 1024

    /// Listens.
    static func start(_ configuration: RESTServerConfiguration, core: HTTPServerCore, on group: any EventLoopGroup) async throws
        -> HTTPListener
    {
        let bootstrap = bootstrap(core, on: group)
        let channel =
            if let socket = configuration.listeningSocket {
                try await bootstrap.withBoundSocket(socket).get()
            } else {
                try await bootstrap.bind(host: configuration.host, port: configuration.port).get()
            }
        return HTTPListener(channel: channel, connections: core.connections)
    }

    private static func bootstrap(_ core: HTTPServerCore, on group: any EventLoopGroup) -> ServerBootstrap {
        ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: backlog)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelInitializer { channel in
                // Where the system has no descriptor left, trying again at once would only burn time.
                channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(AcceptBackoffHandler()) }
            }
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelOption(.maxMessagesPerRead, value: 1)
            .childChannelOption(
                .recvAllocator, value: AdaptiveRecvByteBufferAllocator(minimum: 1024, initial: 2048, maximum: core.limits.readByteCount)
            )
            .childChannelInitializer { channel in core.setUp(channel) }
    }

    /// 0 where it is no TCP socket.
    var port: Int { channel.localAddress?.port ?? 0 }

    /// Returns when the listener is closed and no connection is open any more.
    func waitUntilClosed() async {
        await withCheckedContinuation { continuation in
            channel.closeFuture.whenComplete { _ in continuation.resume() }
        }
        await connections.waitUntilEmpty()
    }

    /// Accepts no more, and ends each connection with the request that is under way on it.
    func drain() {
        channel.close(promise: nil)
        for connection in connections.beginClosing() {
            connection.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
        }
    }

    /// Accepts no more, and ends each connection with what is under way on it.
    func closeAtOnce() {
        channel.close(promise: nil)
        for connection in connections.beginClosing() { connection.close(promise: nil) }
    }
}
