import NIOCore

/// A frame that has arrived whole and unharmed.
struct Frame {
    let header: FrameHeader
    /// The payload: fixed fields, metadata, message.
    var payload: ByteBuffer
}

/// Cuts the byte stream into frames. No length is believed before it is checked, and nothing is set aside for bytes
/// that have not come.
struct FrameDecoder {
    private let limits: ConnectionLimits
    private var bytes = ByteBuffer()

    init(limits: ConnectionLimits) {
        self.limits = limits
    }

    /// Whether a frame, or the preface, has arrived in part.
    var isInsideFrame: Bool {
        bytes.readableBytes > 0
    }

    mutating func append(_ more: ByteBuffer) {
        guard bytes.readableBytes > 0 else {
            bytes = more
            return
        }
        bytes.writeImmutableBuffer(more)
    }

    mutating func nextPreface() -> Preface.Reading {
        Preface.read(from: &bytes)
    }

    /// The next frame; nil when more bytes are needed.
    mutating func nextFrame() throws(ConnectionFault) -> Frame? {
        guard let header = FrameHeader.peek(at: bytes) else { return releaseWhenEmpty() }
        try limits.check(header)
        guard bytes.readableBytes - FrameHeader.byteCount >= Int(header.length) else { return nil }
        guard header.checksum == Checksum.ofFrame(at: bytes.readerIndex, in: bytes, payloadLength: Int(header.length)) else {
            throw ConnectionFault(.checksumMismatch, "a frame arrived damaged")
        }
        bytes.moveReaderIndex(forwardBy: FrameHeader.byteCount)
        guard let payload = bytes.readSlice(length: Int(header.length)) else { return nil }
        return Frame(header: header, payload: payload)
    }

    /// Lets go of the buffer once all of it is used, so that an idle connection holds none.
    private mutating func releaseWhenEmpty() -> Frame? {
        if bytes.readableBytes == 0 { bytes = ByteBuffer() }
        return nil
    }
}
