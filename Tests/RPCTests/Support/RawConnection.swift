import NIOCore
import NIOPosix
import Synchronization

@testable import RPC

/// A connection without manners: sends what a test tells it, and keeps what comes back.
final class RawConnection: Sendable {
    private let channel: any Channel
    private let inbox: Inbox

    private init(channel: any Channel, inbox: Inbox) {
        self.channel = channel
        self.inbox = inbox
    }

    static func open(_ address: ServerAddress) async throws -> RawConnection {
        let inbox = Inbox()
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(Collector(inbox: inbox)) }
            }
            .connect(host: address.host, port: address.port).get()
        return RawConnection(channel: channel, inbox: inbox)
    }

    /// Greets as a client does.
    static func greeted(_ address: ServerAddress) async throws -> RawConnection {
        let connection = try await open(address)
        connection.send(RawConnection.greeting)
        return connection
    }

    static var greeting: ByteBuffer {
        var bytes = ByteBuffer()
        Preface().write(to: &bytes)
        ConnectionLimits().hello(contractFingerprint: 0).write(to: &bytes)
        return bytes
    }

    /// What was not accepted because the other side has closed doesn't matter here.
    func send(_ bytes: ByteBuffer) {
        channel.writeAndFlush(bytes, promise: nil)
    }

    /// Waits until the socket has taken all of it.
    func sendAndWait(_ bytes: ByteBuffer) async throws {
        try await channel.writeAndFlush(bytes).get()
    }

    func send(_ bytes: [UInt8]) {
        send(ByteBuffer(bytes: bytes))
    }

    func send(_ write: (inout ByteBuffer) -> Void) {
        var bytes = ByteBuffer()
        write(&bytes)
        send(bytes)
    }

    func stopReading() async throws {
        try await channel.setOption(.autoRead, value: false).get()
    }

    /// Nothing is left to read where the other side's reset has closed the channel already.
    func resumeReading() async throws {
        do {
            try await channel.setOption(.autoRead, value: true).get()
        } catch ChannelError.ioOnClosedChannel {}
    }

    func close() {
        channel.close(promise: nil)
    }

    /// Waits until the other side has closed.
    func closed() async throws {
        try await channel.closeFuture.get()
    }

    /// Waits until so many frames have come, the greeting's HELLO included, or the connection is closed.
    func frames(_ count: Int) async -> [Frame] {
        while true {
            // Asked first: what comes between a look at the frames and the end would be missed otherwise.
            let isClosed = inbox.isClosed
            let (frames, bytes) = inbox.frames
            if frames.count >= count || isClosed { return frames }
            await inbox.more(than: bytes)
        }
    }

    /// Everything that came until the other side closed.
    func framesUntilClosed() async -> [Frame] {
        await frames(.max)
    }

    var receivedNothing: Bool { inbox.frames.byteCount == 0 }
}

final class Inbox: Sendable {
    private struct State {
        var bytes = ByteBuffer()
        var isClosed = false
        var watchers: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    var isClosed: Bool { state.withLock(\.isClosed) }

    var frames: (frames: [Frame], byteCount: Int) {
        let bytes = state.withLock(\.bytes)
        var decoder = FrameDecoder(limits: ConnectionLimits())
        decoder.append(bytes)
        guard case .preface = decoder.nextPreface() else { return ([], bytes.readableBytes) }
        var frames: [Frame] = []
        while let frame = try? decoder.nextFrame() { frames.append(frame) }
        return (frames, bytes.readableBytes)
    }

    func add(_ more: ByteBuffer) {
        change { $0.bytes.writeImmutableBuffer(more) }
    }

    func close() {
        change { $0.isClosed = true }
    }

    func more(than count: Int) async {
        await withCheckedContinuation { continuation in
            let isThere = state.withLock { state in
                let isThere = state.isClosed || state.bytes.readableBytes > count
                if !isThere { state.watchers.append(continuation) }
                return isThere
            }
            if isThere { continuation.resume() }
        }
    }

    private func change(_ change: (inout State) -> Void) {
        let watchers = state.withLock { state in
            change(&state)
            defer { state.watchers = [] }
            return state.watchers
        }
        for watcher in watchers { watcher.resume() }
    }
}

private final class Collector: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    private let inbox: Inbox

    init(inbox: Inbox) {
        self.inbox = inbox
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        inbox.add(unwrapInboundIn(data))
    }

    func channelInactive(context: ChannelHandlerContext) {
        inbox.close()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}
