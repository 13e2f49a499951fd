public import NIOCore

/// Stands before everything that reads from a connection until its first bytes say whether it speaks HTTP/2 (RFC 9113, 3.4), with TLS
/// or without. Where it doesn't, it goes, and costs nothing from then on.
///
/// Where it does, it stays as the gate: once it is shut, what still comes is thrown away unread.
public final class ProtocolChoice: ChannelInboundHandler, RemovableChannelHandler {
    public typealias InboundIn = ByteBuffer
    public typealias InboundOut = ByteBuffer

    private enum Phase {
        case undecided
        case open
        case shut
    }

    private static let preface = Array("PRI * HTTP/2.0".utf8)

    private var phase = Phase.undecided
    private var held = ByteBuffer()
    private let takeOver: (ProtocolChoice, any Channel) throws -> Void

    /// - Parameter takeOver: puts what speaks HTTP/2 behind this, in the place of what stands there.
    public init(takeOver: @escaping (ProtocolChoice, any Channel) throws -> Void) {
        self.takeOver = takeOver
    }

    func shut() {
        phase = .shut
    }

    public func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch phase {
        case .open: context.fireChannelRead(data)
        case .shut: break
        case .undecided:
            var bytes = unwrapInboundIn(data)
            held.writeBuffer(&bytes)
            decide(context)
        }
    }

    private func decide(_ context: ChannelHandlerContext) {
        let count = min(held.readableBytes, Self.preface.count)
        guard held.readableBytesView.prefix(count).elementsEqual(Self.preface.prefix(count)) else { return leave(context) }
        guard count == Self.preface.count else { return }
        do {
            try takeOver(self, context.channel)
            phase = .open
            handOn(context)
        } catch {
            context.fireErrorCaught(error)
            context.close(promise: nil)
        }
    }

    private func leave(_ context: ChannelHandlerContext) {
        phase = .open
        handOn(context)
        context.pipeline.syncOperations.removeHandler(self, promise: nil)
    }

    private func handOn(_ context: ChannelHandlerContext) {
        let bytes = held
        held = ByteBuffer()
        context.fireChannelRead(wrapInboundOut(bytes))
    }
}
