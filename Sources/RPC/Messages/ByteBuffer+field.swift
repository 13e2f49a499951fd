import NIOCore

extension ByteBuffer {
    /// Whether an encoded message holds a value for its own field of this number. Of bytes that are no message it is said
    /// that they do: who asks is careful then.
    func holdsField(_ number: Int) -> Bool {
        var rest = self
        while rest.readableBytes > 0 {
            guard let tag = rest.readVarint(), tag >> 3 != UInt64(number), rest.skipValue(wireType: tag & 7) else { return true }
        }
        return false
    }

    private mutating func skipValue(wireType: UInt64) -> Bool {
        switch wireType {
        case 0: readVarint() != nil
        case 1: readSlice(length: 8) != nil
        case 2: readVarint().flatMap { Int(exactly: $0) }.flatMap { readSlice(length: $0) } != nil
        case 5: readSlice(length: 4) != nil
        default: false
        }
    }

    private mutating func readVarint() -> UInt64? {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 64, by: 7) {
            guard let byte: UInt8 = readInteger() else { return nil }
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
        }
        return nil
    }
}
