import NIOCore

/// Cuts frames out of the bytes of a connection, wherever these were cut.
struct HTTP2FrameReader {
    private static let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)

    private var bytes = ByteBuffer()
    private var isPrefaceRead = false

    /// What is no whole frame yet.
    var heldByteCount: Int { bytes.readableBytes }

    mutating func append(_ more: ByteBuffer) {
        guard bytes.readableBytes > 0 else {
            bytes = more
            return
        }
        // What is left of the last read gets memory of its own, so that a few bytes keep no large buffer.
        var joined = ByteBuffer()
        joined.reserveCapacity(bytes.readableBytes + more.readableBytes)
        joined.writeImmutableBuffer(bytes)
        joined.writeImmutableBuffer(more)
        bytes = joined
    }

    /// The next frame; nil until all of it is there.
    mutating func next() throws(HTTP2Fault) -> HTTP2Frame? {
        if !isPrefaceRead { try readPreface() }
        guard isPrefaceRead, bytes.readableBytes >= HTTP2Frame.headerByteCount,
            let (head, flags, stream) = bytes.getMultipleIntegers(at: bytes.readerIndex, as: (UInt32, UInt8, UInt32).self)
        else {
            if bytes.readableBytes == 0 { bytes = ByteBuffer() }
            return nil
        }
        let length = Int(head >> 8)
        guard length <= HTTP2Frame.lengthLimit else { throw .connection(.frameSize) }
        guard bytes.readableBytes >= HTTP2Frame.headerByteCount + length else { return nil }
        bytes.moveReaderIndex(forwardBy: HTTP2Frame.headerByteCount)
        guard let payload = bytes.readSlice(length: length) else { return nil }
        return HTTP2Frame(kind: UInt8(truncatingIfNeeded: head), flags: flags, streamID: stream & 0x7FFF_FFFF, payload: payload)
    }

    private mutating func readPreface() throws(HTTP2Fault) {
        let count = min(bytes.readableBytes, Self.preface.count)
        guard bytes.readableBytesView.prefix(count).elementsEqual(Self.preface.prefix(count)) else { throw .connection(.protocolError) }
        guard count == Self.preface.count else { return }
        bytes.moveReaderIndex(forwardBy: count)
        isPrefaceRead = true
    }
}

extension ByteBuffer {
    fileprivate func getMultipleIntegers(at index: Int, as: (UInt32, UInt8, UInt32).Type) -> (UInt32, UInt8, UInt32)? {
        guard let head = getInteger(at: index, as: UInt32.self), let flags = getInteger(at: index + 4, as: UInt8.self),
            let stream = getInteger(at: index + 5, as: UInt32.self)
        else { return nil }
        return (head, flags, stream)
    }
}
