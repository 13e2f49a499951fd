import NIOCore

/// A frame that is read past: only its checksum goes on.
struct SkippedFrame {
    /// Kept of the body: enough to see which call it was.
    private static let beginningByteCount = 8

    let header: FrameHeader
    let beginning: ByteBuffer
    private var missing: Int
    private var checksum: UInt32

    /// `partial` holds the whole header, and less than the whole body.
    init(_ header: FrameHeader, begunBy partial: ByteBuffer) {
        self.header = header
        let seen = partial.readableBytes - FrameHeader.byteCount
        missing = Int(header.length) - seen
        checksum = Checksum.ofFrame(at: partial.readerIndex, in: partial, bodyLength: seen)
        let body = partial.getSlice(
            at: partial.readerIndex + FrameHeader.byteCount, length: min(seen, SkippedFrame.beginningByteCount))
        beginning = ByteBuffer(bytes: body?.readableBytesView ?? ByteBuffer().readableBytesView)
    }

    var isComplete: Bool { missing == 0 }
    var isSound: Bool { checksum == header.checksum }

    mutating func take(from bytes: inout ByteBuffer) {
        guard let piece = bytes.readSlice(length: min(missing, bytes.readableBytes)) else { return }
        missing -= piece.readableBytes
        checksum = Checksum.extended(checksum, by: piece)
    }
}
