/// Protobuf's binary form, written.
struct WireWriter {
    private(set) var bytes: [UInt8] = []

    mutating func tag(_ number: Int32, _ type: WireType) {
        varint(UInt64(UInt32(bitPattern: number)) << 3 | UInt64(type.rawValue))
    }

    mutating func varint(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    mutating func fixed32(_ value: UInt32) {
        withUnsafeBytes(of: value.littleEndian) { bytes += $0 }
    }

    mutating func fixed64(_ value: UInt64) {
        withUnsafeBytes(of: value.littleEndian) { bytes += $0 }
    }

    mutating func counted(_ content: [UInt8]) {
        varint(UInt64(content.count))
        bytes += content
    }

    mutating func raw(_ content: [UInt8]) {
        bytes += content
    }
}

/// How a value is laid out on the wire.
enum WireType: UInt8 {
    case varint = 0
    case fixed64 = 1
    case counted = 2
    case fixed32 = 5
}
