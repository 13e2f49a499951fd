import NIOCore
import NIOEmbedded
import Testing

@testable import RPC

/// A write that fails closes the channel from within, and so calls the connection back while it writes.
@Suite struct ReentrancyTests {
    @Test func `a connection bears being called back while it writes`() throws {
        let eventLoop = EmbeddedEventLoop()
        let core = ServerCore(
            table: ServiceTable(services: [TestService.echo], interceptors: []), options: RPCServerOptions(), group: eventLoop,
            logger: quietLogger)
        let channel = EmbeddedChannel(loop: eventLoop)
        try channel.pipeline.syncOperations.addHandlers([
            FailingWrites(), ServerConnection(core: core, resources: core.resources(of: eventLoop)),
        ])
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        try channel.writeInbound(RawConnection.greeting)
        eventLoop.run()
        #expect(!channel.isActive)
    }
}

/// Ends the channel on the first write, as a reset connection does.
private final class FailingWrites: ChannelOutboundHandler {
    typealias OutboundIn = ByteBuffer

    func flush(context: ChannelHandlerContext) {
        context.fireErrorCaught(ChannelError.ioOnClosedChannel)
        context.fireChannelReadComplete()
        context.close(promise: nil)
    }
}
