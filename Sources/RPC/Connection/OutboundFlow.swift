import NIOCore

/// What is on its way to the peer: gathered here, or with the carrier and not taken yet.
struct OutboundFlow {
    enum Change {
        case none
        /// The peer takes less than it is given.
        case blocked
        /// It is still so, but the peer has taken a mark's worth meanwhile.
        case progressed
        case unblocked
    }

    /// A write of a few frames costs little more for each than one of many, and lets the peer begin while the rest of the
    /// batch is still worked on: with 64 calls in flight, both sides are busy instead of one after the other.
    private static let framesPerWrite = 32
    private static let bytesPerWrite = 16 * 1024

    /// Whether the carrier holds no more than it should.
    private(set) var isWritable = true
    /// Whether all connections together hold too much while this one's peer doesn't read.
    private(set) var isMemoryShort = false
    private var buffer = OutboundBuffer()
    private var unsent = UnsentBytes()
    private let load: ServerLoad?

    init(load: ServerLoad?) {
        self.load = load
    }

    var isEmpty: Bool { buffer.isEmpty }

    /// So much has been gathered that the peer should have it, though more will follow at once.
    var isWorthWriting: Bool {
        buffer.frameCount >= OutboundFlow.framesPerWrite || buffer.byteCount >= OutboundFlow.bytesPerWrite
    }

    /// Whether more may be begun: less than `mark` waits.
    func hasRoom(below mark: Int) -> Bool {
        isWritable && buffer.byteCount < mark
    }

    mutating func append(_ frame: (inout ByteBuffer) -> Void) {
        buffer.append(frame)
    }

    mutating func lend() -> ByteBuffer {
        buffer.lend()
    }

    mutating func takeBack(_ lent: consuming ByteBuffer, frames: Int) {
        buffer.takeBack(lent, frames: frames)
    }

    mutating func take() -> ByteBuffer {
        let bytes = buffer.take()
        unsent.handedOver(bytes.readableBytes)
        return bytes
    }

    mutating func reuse(_ written: consuming ByteBuffer) {
        buffer.reuse(written)
    }

    mutating func release() {
        buffer.release()
    }

    /// How things stand with the carrier, and what that means where a peer must take `mark` in time.
    mutating func note(unsent count: Int, isWritable: Bool, mark: Int) -> Change {
        hold(isWritable ? 0 : count)
        let wasWritable = self.isWritable
        self.isWritable = isWritable
        if isWritable { return wasWritable ? .none : .unblocked }
        if wasWritable {
            unsent.blocked()
            return .blocked
        }
        return unsent.hasPeerTaken(mark) ? .progressed : .none
    }

    /// What the carrier held is gone.
    mutating func lost() {
        hold(0)
    }

    private mutating func hold(_ count: Int) {
        let change = count - unsent.count
        unsent.remaining(count)
        isMemoryShort = load?.hold(change, of: 0) == false
    }
}
