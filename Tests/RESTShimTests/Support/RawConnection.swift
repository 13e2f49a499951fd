import NIOCore
import NIOPosix

/// A TCP connection that sends exactly the bytes it is told, for requests that no HTTP client would make.
final class RawConnection {
    let channel: any Channel
    private var arrivals: AsyncStream<ByteBuffer>.Iterator
    private var received = ByteBuffer()

    private init(_ channel: any Channel, _ arrivals: AsyncStream<ByteBuffer>) {
        self.channel = channel
        self.arrivals = arrivals.makeAsyncIterator()
    }

    static func open<Result>(port: Int, _ body: (RawConnection) async throws -> Result) async throws -> Result {
        let (arrivals, inbox) = AsyncStream.makeStream(of: ByteBuffer.self)
        let channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(Inbox(inbox)) }
            }
            .connect(host: "127.0.0.1", port: port).get()
        defer { channel.close(promise: nil) }
        return try await body(RawConnection(channel, arrivals))
    }

    func send(_ text: String) async throws {
        try await channel.writeAndFlush(ByteBuffer(string: text))
    }

    func send(_ bytes: [UInt8]) async throws {
        try await channel.writeAndFlush(ByteBuffer(bytes: bytes))
    }

    /// Ends the sending side; answers can still be read.
    func finishSending() async throws {
        try await channel.close(mode: .output)
    }

    /// What is made of the bytes that have come, as soon as it can be made.
    func next<Result>(_ take: (inout ByteBuffer) throws -> Result?) async throws -> Result {
        while true {
            if let result = try take(&received) { return result }
            guard var bytes = await arrivals.next(isolation: #isolation) else { throw ConnectionEnded(after: String(buffer: received)) }
            received.writeBuffer(&bytes)
        }
    }

    /// The next answer. `isHead`: it is to a HEAD, and so has no body.
    func answer(isHead: Bool = false) async throws -> Answer {
        try await next { Answer(takingFrom: &$0, isHead: isHead) }
    }

    /// Everything that the server still sends until it closes.
    func rest() async -> String {
        while var bytes = await arrivals.next(isolation: #isolation) { received.writeBuffer(&bytes) }
        defer { received.clear() }
        return String(buffer: received)
    }
}

struct ConnectionEnded: Error {
    let after: String
}

/// Hands on what arrives until the server closes, or resets.
private final class Inbox: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let inbox: AsyncStream<ByteBuffer>.Continuation

    init(_ inbox: AsyncStream<ByteBuffer>.Continuation) {
        self.inbox = inbox
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        inbox.yield(unwrapInboundIn(data))
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event as? ChannelEvent == .inputClosed { inbox.finish() }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        inbox.finish()
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        inbox.finish()
    }
}
