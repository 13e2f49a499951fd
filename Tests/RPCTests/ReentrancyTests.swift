import NIOCore
import NIOEmbedded
import Testing

@testable import RPC

/// A write that fails closes the channel from within, and so calls the connection back while it writes.
@Suite(.timeLimit(.minutes(10))) struct ReentrancyTests {
    private let gate = Gate()
    private let ended = EndedCalls()

    @Test func `a write that fails and calls back is made once, and every call ends once`() throws {
        let eventLoop = EmbeddedEventLoop()
        var options = RPCServerOptions()
        options.observer = ended
        let environment = ServerEnvironment(
            table: ServiceTable(services: [service], interceptors: [], logger: quietLogger), options: options, group: eventLoop,
            logger: quietLogger)
        let channel = EmbeddedChannel(loop: eventLoop)
        let writes = FailingWrites(failingAt: 2)
        try channel.pipeline.syncOperations.addHandlers([
            writes, ServerConnectionHandler(environment: environment, resources: environment.resources(of: eventLoop)),
        ])
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        try channel.writeInbound(RawConnection.greeting)
        #expect(channel.isActive)

        var requests = ConnectedServer.request(1, byteCount: 10)
        requests.writeImmutableBuffer(request(3, to: .change))
        requests.writeImmutableBuffer(ConnectedServer.request(5, byteCount: 10))
        try channel.writeInbound(requests)
        eventLoop.run()
        #expect(!channel.isActive)
        #expect(writes.flushes == 2)
        #expect(writes.answered == [1, 5])
        #expect(ended.codes == [.ok, .ok, .cancelled])
        #expect(ended.methods.last == .change)
    }

    /// An echo, and a change whose handler is still waiting when the connection goes.
    private var service: TestService {
        TestService(
            (.echo, { ServerReply(payload: $0.payload) }),
            (
                .change,
                { [gate] call in
                    await gate.pass()
                    return ServerReply(payload: call.payload)
                }
            ))
    }

    private func request(_ streamID: UInt32, to method: MethodDescriptor) -> ByteBuffer {
        var bytes = ByteBuffer()
        Request(methodID: method.id, timeoutMilliseconds: 0, trace: nil, metadata: Metadata(), message: ByteBuffer())
            .write(to: &bytes, streamID: streamID)
        return bytes
    }
}

/// Lets flushes pass until one ends the channel from within, as a reset connection does.
private final class FailingWrites: ChannelOutboundHandler {
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let failingAt: Int
    private(set) var flushes = 0
    /// The stream ids of all RESPONSEs that were written.
    private(set) var answered: [UInt32] = []
    private var decoder = FrameDecoder(limits: ConnectionLimits())

    init(failingAt: Int) {
        self.failingAt = failingAt
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        decoder.append(unwrapOutboundIn(data))
        if flushes == 0 { _ = decoder.nextPreface() }
        while let frame = try? decoder.nextFrame() {
            if frame.header.type == FrameType.response { answered.append(frame.header.streamID) }
        }
    }

    func flush(context: ChannelHandlerContext) {
        flushes += 1
        guard flushes == failingAt else { return }
        context.fireErrorCaught(ChannelError.ioOnClosedChannel)
        context.fireChannelReadComplete()
        context.close(promise: nil)
    }
}
