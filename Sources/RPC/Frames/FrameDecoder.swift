import NIOCore

/// A frame that has arrived whole and unharmed.
struct Frame {
    let header: FrameHeader
    /// The body: fixed fields, metadata, message. Of a skipped frame only the beginning.
    var body: ByteBuffer
    /// It was checked, but there was no room to keep it.
    var isSkipped = false

    /// What stands behind the fields at fixed places: metadata, and the rest. Nil where either is not what it should be.
    func variableParts(after fixedByteCount: Int) -> (metadata: Metadata, rest: ByteBuffer)? {
        let metadataLength = Int(header.metadataLength)
        let restLength = body.readableBytes - fixedByteCount - metadataLength
        let start = body.readerIndex + fixedByteCount
        guard restLength >= 0, let metadata = metadata(at: start, length: metadataLength),
            let rest = body.getSlice(at: start + metadataLength, length: restLength)
        else { return nil }
        return (metadata, rest)
    }

    private func metadata(at start: Int, length: Int) -> Metadata? {
        length == 0 ? Metadata() : body.getSlice(at: start, length: length).flatMap(Metadata.init(untrusted:))
    }
}

/// Cuts the byte stream into frames. No length is believed before it is checked, and nothing is set aside for bytes
/// that have not come. What was cut off is gone: between two reads no more is kept than one incomplete frame.
struct FrameDecoder {
    /// Which frames may come.
    var expectation: FrameExpectation
    /// Small frames are cut from copies of so many bytes, so that no handler keeps a whole read alive, and few copies are made.
    private static let chunkByteCount = 4096

    private let limits: ConnectionLimits
    /// What was read last and not looked at yet.
    private var unread = ByteBuffer()
    /// A copy of the beginning of `unread`.
    private var chunk = ByteBuffer()
    /// The one frame, or preface, that has arrived in part, in memory of its own.
    private var partial = ByteBuffer()
    private var skipped: SkippedFrame?

    init(limits: ConnectionLimits, expecting expectation: FrameExpectation = .any) {
        self.limits = limits
        self.expectation = expectation
    }

    /// Whether a frame, or the preface, has arrived in part.
    var isInsideFrame: Bool {
        partial.readableBytes > 0 || skipped != nil
    }

    /// Bytes of the incomplete frame.
    var heldBytes: Int {
        partial.readableBytes
    }

    /// Bytes that were read and not looked at.
    var unreadBytes: Int {
        unread.readableBytes
    }

    mutating func append(_ more: ByteBuffer) {
        guard unread.readableBytes > 0 else {
            unread = more
            return
        }
        chunk = ByteBuffer()
        unread.discardReadBytes()
        unread.writeImmutableBuffer(more)
    }

    /// Forgets what has come, for good.
    mutating func clear() {
        unread = ByteBuffer()
        chunk = ByteBuffer()
        partial = ByteBuffer()
        skipped = nil
    }

    mutating func nextPreface() -> Preface.Reading {
        if partial.readableBytes > 0 {
            partial.writeImmutableBuffer(unread)
            unread = partial
            partial = ByteBuffer()
        }
        let reading = Preface.read(from: &unread)
        if reading == .needsMore { keepUnread() }
        return reading
    }

    /// The next frame; nil when more bytes are needed.
    mutating func nextFrame() throws(ConnectionFault) -> Frame? {
        if skipped != nil { return try nextSkipped() }
        if partial.readableBytes > 0 { return try nextFromPartial() }
        if chunk.readableBytes > 0, let frame = try nextFromChunk() { return frame }
        guard let header = FrameHeader.peek(at: unread) else {
            keepUnread()
            return nil
        }
        try check(header)
        guard unread.readableBytes >= header.frameByteCount else {
            keepUnread()
            return nil
        }
        if header.frameByteCount <= FrameDecoder.chunkByteCount, unread.storageCapacity > FrameDecoder.chunkByteCount {
            copyChunk()
            return try nextFromChunk()
        }
        var frame = try FrameDecoder.take(header, from: &unread)
        frame?.body.giveUpSpareMemory()
        return frame
    }

    /// Gives up keeping the incomplete frame, where it is a REQUEST: the rest of it will be checked and passed over, and
    /// its header and beginning come out in the end.
    mutating func skipRequest() {
        guard skipped == nil, let header = FrameHeader.peek(at: partial), header.type == FrameType.request else { return }
        skipped = SkippedFrame(header, begunBy: partial)
        partial = ByteBuffer()
    }

    // MARK: Parts

    private func check(_ header: FrameHeader) throws(ConnectionFault) {
        try expectation.check(header.type)
        try limits.check(header)
    }

    /// Moves what is left of a read into memory of its own, so that the read's is free.
    private mutating func keepUnread() {
        if unread.readableBytes > 0 { partial.writeImmutableBuffer(unread) }
        unread = ByteBuffer()
    }

    private mutating func copyChunk() {
        let count = min(FrameDecoder.chunkByteCount, unread.readableBytes)
        chunk = ByteBuffer()
        if let beginning = unread.getSlice(at: unread.readerIndex, length: count) { chunk.writeImmutableBuffer(beginning) }
    }

    /// Nil, and no chunk any more, where it doesn't hold the next frame whole.
    private mutating func nextFromChunk() throws(ConnectionFault) -> Frame? {
        guard let header = FrameHeader.peek(at: chunk), chunk.readableBytes >= header.frameByteCount else {
            chunk = ByteBuffer()
            return nil
        }
        try check(header)
        unread.moveReaderIndex(forwardBy: header.frameByteCount)
        let frame = try FrameDecoder.take(header, from: &chunk)
        if chunk.readableBytes == 0 { chunk = ByteBuffer() }
        return frame
    }

    private mutating func nextFromPartial() throws(ConnectionFault) -> Frame? {
        fillPartial(upTo: FrameHeader.byteCount)
        guard let header = FrameHeader.peek(at: partial) else { return nil }
        try check(header)
        fillPartial(upTo: header.frameByteCount)
        guard partial.readableBytes >= header.frameByteCount else { return nil }
        defer { partial = ByteBuffer() }
        return try FrameDecoder.take(header, from: &partial)
    }

    private mutating func fillPartial(upTo count: Int) {
        let missing = min(count - partial.readableBytes, unread.readableBytes)
        guard missing > 0, let piece = unread.readSlice(length: missing) else { return }
        partial.writeImmutableBuffer(piece)
        if unread.readableBytes == 0 { unread = ByteBuffer() }
    }

    private mutating func nextSkipped() throws(ConnectionFault) -> Frame? {
        skipped?.take(from: &unread)
        if unread.readableBytes == 0 { unread = ByteBuffer() }
        guard let frame = skipped, frame.isComplete else { return nil }
        skipped = nil
        guard frame.isSound else { throw FrameDecoder.damaged }
        return Frame(header: frame.header, body: frame.beginning, isSkipped: true)
    }

    /// Takes a frame that is there whole off the front of `bytes`.
    private static func take(_ header: FrameHeader, from bytes: inout ByteBuffer) throws(ConnectionFault) -> Frame? {
        let length = Int(header.length)
        guard header.checksum == Checksum.ofFrame(at: bytes.readerIndex, in: bytes, bodyLength: length) else { throw damaged }
        bytes.moveReaderIndex(forwardBy: FrameHeader.byteCount)
        guard let body = bytes.readSlice(length: length) else { return nil }
        return Frame(header: header, body: body)
    }

    private static let damaged = ConnectionFault(.checksumMismatch, "a frame arrived damaged")
}

extension FrameHeader {
    /// The frame's size, this header included.
    var frameByteCount: Int {
        FrameHeader.byteCount + Int(length)
    }
}

extension ByteBuffer {
    /// Moves the bytes into memory of their own where they keep a much larger piece alive.
    fileprivate mutating func giveUpSpareMemory() {
        guard storageCapacity > 2 * readableBytes else { return }
        var own = ByteBuffer()
        own.writeImmutableBuffer(self)
        self = own
    }
}
