import NIOCore

/// Gathers the frames of one turn of the loop, so that they leave in one write.
struct OutboundBuffer {
    /// More than this isn't kept for the next turn.
    private static let keptCapacity = 32 * 1024
    private static let initialCapacity = 512

    private var bytes = ByteBuffer()
    private(set) var frameCount = 0

    var byteCount: Int { bytes.readableBytes }
    var isEmpty: Bool { bytes.readableBytes == 0 }

    mutating func append(_ write: (inout ByteBuffer) -> Void) {
        reserve()
        write(&bytes)
        frameCount += 1
    }

    /// Lends out what was gathered, for a frame to take shape behind it.
    mutating func lend() -> ByteBuffer {
        reserve()
        defer { bytes = ByteBuffer() }
        return bytes
    }

    /// Takes back what was lent, with so many frames more. What was gathered meanwhile goes behind them.
    mutating func takeBack(_ lent: consuming ByteBuffer, frames: Int) {
        let gathered = bytes
        bytes = lent
        if gathered.readableBytes > 0 { bytes.writeImmutableBuffer(gathered) }
        frameCount += frames
    }

    private mutating func reserve() {
        if bytes.capacity == 0 { bytes.reserveCapacity(OutboundBuffer.initialCapacity) }
    }

    /// Takes out what was gathered, so that writing it may come back here without harm.
    mutating func take() -> ByteBuffer {
        defer {
            bytes = ByteBuffer()
            frameCount = 0
        }
        return bytes
    }

    /// Gets back what was taken once it is written: its memory serves again if the socket holds it no longer.
    mutating func reuse(_ written: consuming ByteBuffer) {
        guard bytes.capacity == 0, written.capacity <= OutboundBuffer.keptCapacity else { return }
        written.clear()
        bytes = written
    }

    /// Gives the memory back while nothing is going on.
    mutating func release() {
        if isEmpty { bytes = ByteBuffer() }
    }
}
