import NIOCore

@testable import RPC

/// One direction of a connection, as a kernel has it: takes no more than its capacity, and gives it out in pieces.
struct SimulatedPipe {
    let capacity: Int
    private var bytes = ByteBuffer()
    /// The writer has said all it will.
    private(set) var isEnded = false

    init(capacity: Int) {
        self.capacity = capacity
    }

    var count: Int { bytes.readableBytes }
    var isAtEnd: Bool { isEnded && bytes.readableBytes == 0 }

    /// Takes what there is room for off the front of `unsent`.
    mutating func take(from unsent: inout ByteBuffer) {
        let room = min(capacity - count, unsent.readableBytes)
        guard room > 0, let piece = unsent.readSlice(length: room) else { return }
        bytes.discardReadBytes()
        bytes.writeImmutableBuffer(piece)
    }

    mutating func give(atMost most: Int) -> ByteBuffer? {
        guard let piece = bytes.readSlice(length: min(most, count)), piece.readableBytes > 0 else { return nil }
        return ByteBuffer(bytes: piece.readableBytesView)
    }

    mutating func end() {
        isEnded = true
    }

    /// What is on its way is gone, as after a reset.
    mutating func reset() {
        bytes = ByteBuffer()
        isEnded = true
    }
}
