import NIOCore

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Stands before the decoder and hands it one request after another, as they are answered and as others leave time for it.
///
/// A read of the socket may hold hundreds of small requests, and each costs twenty times its bytes once it is decoded: what
/// nobody has time for yet stays as the bytes that it is.
final class RequestPacer: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    /// What the connection does with more bytes.
    enum Appetite {
        case wantsMore
        case isBusy
        /// Nothing is answered any more.
        case throwsAway
    }

    private let turns: TurnQueue
    /// Asked for its appetite. Nil from the end of the connection on.
    var connection: HTTPConnection?
    private(set) var startLine = StartLine()
    private var context: ChannelHandlerContext?
    private var held = ByteBuffer()
    private var isFeeding = false
    /// The event loop's other connections have their turn before more is fed.
    private var hasYielded = false

    /// Pieces of one turn: a request's header and its body.
    private static let piecesOfTurn = 2
    init(turns: TurnQueue) {
        self.turns = turns
    }

    var isHolding: Bool { held.readableBytes > 0 }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        if isHolding { held.writeBuffer(&bytes) } else { held = bytes }
        feed(context)
    }

    /// The connection may want more by now.
    func resume() {
        guard let context, feed(context) else { return }
        context.fireChannelReadComplete()
    }

    /// Answers whether the decoder was given anything.
    @discardableResult private func feed(_ context: ChannelHandlerContext) -> Bool {
        guard !isFeeding, !hasYielded else { return false }
        isFeeding = true
        defer { isFeeding = false }
        var pieceCount = 0
        while isHolding, let connection {
            switch connection.appetite {
            case .isBusy: return pieceCount > 0
            case .throwsAway: held = ByteBuffer()
            case .wantsMore:
                guard pieceCount < RequestPacer.piecesOfTurn else { return yield() }
                pieceCount += 1
                feedPiece(context, isNewRequest: connection.awaitsRequest)
            }
        }
        return pieceCount > 0
    }

    /// Goes on when others have had their turn.
    private func yield() -> Bool {
        hasYielded = true
        turns.wait {
            self.hasYielded = false
            self.resume()
        }
        return true
    }

    private func feedPiece(_ context: ChannelHandlerContext, isNewRequest: Bool) {
        guard let piece = held.readSlice(length: pieceLength()) else { return }
        if !isHolding { held = ByteBuffer() }
        if isNewRequest { startLine = StartLine() }
        startLine.note(piece)
        context.fireChannelRead(wrapInboundOut(piece))
    }

    /// Up to the end of the first header: an empty line.
    private func pieceLength() -> Int {
        held.withUnsafeReadableBytes { bytes in
            var index = 0
            while index < bytes.count, let newline = bytes.firstNewline(from: index) {
                var next = newline + 1
                if next < bytes.count, bytes[next] == 0x0D { next += 1 }
                if next < bytes.count, bytes[next] == 0x0A { return next + 1 }
                index = newline + 1
            }
            return bytes.count
        }
    }
}

extension UnsafeRawBufferPointer {
    fileprivate func firstNewline(from index: Int) -> Int? {
        guard let base = baseAddress, let found = memchr(base + index, 0x0A, count - index) else { return nil }
        return UnsafeRawPointer(found) - base
    }
}
