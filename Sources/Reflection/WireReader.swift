/// Protobuf's binary form, read. Every length is checked before it is followed.
struct WireReader {
    private var bytes: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
    }

    var isAtEnd: Bool { bytes.isEmpty }

    mutating func tag() throws -> (number: Int32, type: WireType) {
        let tag = try varint()
        guard tag <= UInt64(UInt32.max), tag >> 3 > 0, let type = WireType(rawValue: UInt8(tag & 7)) else { throw Self.malformed }
        return (Int32(truncatingIfNeeded: tag >> 3), type)
    }

    mutating func varint() throws -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 70, by: 7) {
            guard let byte = bytes.popFirst() else { throw Self.malformed }
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
        }
        throw Self.malformed
    }

    mutating func fixed32() throws -> UInt32 {
        try take(4).reversed().reduce(0) { $0 << 8 | UInt32($1) }
    }

    mutating func fixed64() throws -> UInt64 {
        try take(8).reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    mutating func counted() throws -> ArraySlice<UInt8> {
        let count = try varint()
        guard count <= UInt64(bytes.count) else { throw Self.malformed }
        return try take(Int(count))
    }

    mutating func skip(_ type: WireType) throws {
        switch type {
        case .varint: _ = try varint()
        case .fixed32: _ = try fixed32()
        case .fixed64: _ = try fixed64()
        case .counted: _ = try counted()
        }
    }

    private mutating func take(_ count: Int) throws -> ArraySlice<UInt8> {
        guard bytes.count >= count else { throw Self.malformed }
        defer { bytes.removeFirst(count) }
        return bytes.prefix(count)
    }

    private static let malformed = DynamicCodingError(path: "", reason: "the message is malformed")
}
