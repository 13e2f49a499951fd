import NIOCore

/// Gathers the frames of one turn of the loop, so that they leave in one write.
struct OutboundBuffer {
    /// More than this isn't kept for the next turn.
    private static let keptCapacity = 32 * 1024
    private static let initialCapacity = 512

    private var bytes = ByteBuffer()

    var isEmpty: Bool { bytes.readableBytes == 0 }

    mutating func append(_ write: (inout ByteBuffer) -> Void) {
        if bytes.capacity == 0 { bytes.reserveCapacity(OutboundBuffer.initialCapacity) }
        write(&bytes)
    }

    /// Writes and flushes what was gathered. The memory is used again once the socket has taken everything.
    mutating func flush(to context: ChannelHandlerContext) {
        guard !isEmpty else { return }
        context.writeAndFlush(NIOAny(bytes), promise: nil)
        if bytes.capacity > OutboundBuffer.keptCapacity { bytes = ByteBuffer() } else { bytes.clear() }
    }

    /// Gives the memory back while nothing is going on.
    mutating func release() {
        if isEmpty { bytes = ByteBuffer() }
    }
}
