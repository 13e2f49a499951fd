import NIOCore

extension ByteBuffer {
    /// Appends a frame whose body `writeBody` writes in place; length and checksum are filled in afterwards.
    mutating func writeFrame(
        _ type: UInt8, flags: UInt8 = 0, streamID: UInt32 = 0, metadataLength: Int = 0, _ writeBody: (inout ByteBuffer) -> Void
    ) {
        let start = writerIndex
        writeMultipleIntegers(UInt32(0), type, flags, UInt16(truncatingIfNeeded: metadataLength), streamID, UInt32(0))
        writeBody(&self)
        let bodyLength = writerIndex - start - FrameHeader.byteCount
        setInteger(UInt32(truncatingIfNeeded: bodyLength), at: start)
        let checksum = Checksum.ofFrame(at: start, in: self, bodyLength: bodyLength)
        setInteger(checksum, at: start + FrameHeader.checkedByteCount)
    }

    /// A text behind its u16 length, cut at a character where it is too long.
    mutating func writeText(_ text: String) {
        let fitting = text.utf8.count <= Int(UInt16.max) ? text : text.prefix(whoseUTF8Fits: Int(UInt16.max))
        writeInteger(UInt16(fitting.utf8.count))
        writeString(fitting)
    }

    mutating func readText() -> String? {
        guard let length: UInt16 = readInteger(), let bytes = readSlice(length: Int(length)) else { return nil }
        return String(validating: bytes.readableBytesView, as: UTF8.self)
    }
}

extension String {
    /// The longest beginning of at most `limit` bytes.
    func prefix(whoseUTF8Fits limit: Int) -> String {
        var end = utf8.index(startIndex, offsetBy: limit, limitedBy: endIndex) ?? endIndex
        while end.samePosition(in: unicodeScalars) == nil { end = utf8.index(before: end) }
        return String(self[..<end])
    }
}
