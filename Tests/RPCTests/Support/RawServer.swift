import NIOCore
import NIOPosix
import Synchronization

@testable import RPC

/// A server that does to each connection what a test says, once it has greeted and a first REQUEST has come.
final class RawServer: Sendable {
    /// Gets the REQUEST's stream id and writes what it likes; nil closes the connection.
    typealias Behaviour = @Sendable (_ streamID: UInt32) -> ByteBuffer?

    let address: ServerAddress
    private let channel: any Channel
    private let requestCount: Counter

    private init(address: ServerAddress, channel: any Channel, requestCount: Counter) {
        self.address = address
        self.channel = channel
        self.requestCount = requestCount
    }

    static func start(_ behaviour: @escaping Behaviour) async throws -> RawServer {
        let count = Counter()
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Responder(behaviour: behaviour, count: count))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        return RawServer(
            address: ServerAddress(host: "127.0.0.1", port: channel.localAddress?.port ?? 0), channel: channel, requestCount: count)
    }

    var requests: Int { requestCount.value }

    func stop() async throws {
        try await channel.close().get()
    }
}

final class Counter: Sendable {
    private let count = Atomic<Int>(0)
    var value: Int { count.load(ordering: .relaxed) }

    @discardableResult
    func add() -> Int {
        count.add(1, ordering: .relaxed).newValue
    }
}

private final class Responder: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer
    private let behaviour: RawServer.Behaviour
    private let count: Counter
    private var decoder = FrameDecoder(limits: ConnectionLimits())
    private var isGreeted = false

    init(behaviour: @escaping RawServer.Behaviour, count: Counter) {
        self.behaviour = behaviour
        self.count = count
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        decoder.append(unwrapInboundIn(data))
        if !isGreeted, case .preface = decoder.nextPreface() {
            isGreeted = true
            context.writeAndFlush(NIOAny(RawConnection.greeting), promise: nil)
        }
        while isGreeted, let frame = try? decoder.nextFrame() {
            guard frame.header.type == FrameType.request else { continue }
            count.add()
            guard let answer = behaviour(frame.header.streamID) else { return context.close(promise: nil) }
            context.writeAndFlush(NIOAny(answer), promise: nil)
        }
    }
}
