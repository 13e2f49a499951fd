import NIOCore
import NIOEmbedded
import Synchronization
import Testing

@testable import RPC

/// Answers leave while the batch that their calls came in is still worked on.
@Suite(.timeLimit(.minutes(10))) struct WriteAheadTests {
    @Test func `the first answers of a large batch are written before its last call begins`() throws {
        let begun = Begun()
        let service = TestService(
            (
                .echo,
                { call in
                    begun.count.add(1, ordering: .relaxed)
                    return ServerReply(payload: call.payload)
                }
            ))
        let eventLoop = EmbeddedEventLoop()
        let environment = ServerEnvironment(
            table: ServiceTable(services: [service], interceptors: [], logger: quietLogger), options: RPCServerOptions(), group: eventLoop,
            logger: quietLogger)
        let channel = EmbeddedChannel(loop: eventLoop)
        let writes = WatchedWrites(begun)
        try channel.pipeline.syncOperations.addHandlers([
            writes, ServerConnectionHandler(environment: environment, resources: environment.resources(of: eventLoop)),
        ])
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        try channel.writeInbound(RawConnection.greeting)
        writes.begunAtFlush = []

        var requests = ByteBuffer()
        for number in 0..<100 as Range<UInt32> {
            requests.writeImmutableBuffer(ConnectedServer.request(2 * number + 1, byteCount: 10))
        }
        try channel.writeInbound(requests)
        #expect(writes.begunAtFlush.last == 100)
        #expect(writes.begunAtFlush.count > 1)
        #expect(try #require(writes.begunAtFlush.first) < 100)
        _ = try channel.finish()
    }
}

/// How many calls have begun.
private final class Begun: Sendable {
    let count = Atomic(0)
}

/// Notes how many calls had begun whenever something left.
private final class WatchedWrites: ChannelOutboundHandler {
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let begun: Begun
    var begunAtFlush: [Int] = []

    init(_ begun: Begun) {
        self.begun = begun
    }

    func flush(context: ChannelHandlerContext) {
        begunAtFlush.append(begun.count.load(ordering: .relaxed))
        context.flush()
    }
}
