import ProtobufC

/// Protobuf's binary form, put together by hand.
struct WireBytes {
    private(set) var bytes: [UInt8] = []

    static func varint(_ value: UInt64) -> [UInt8] {
        var rest = value
        var bytes: [UInt8] = []
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        return bytes + [UInt8(rest)]
    }

    static func tag(_ number: UInt64, _ wireType: UInt64) -> [UInt8] {
        varint(number << 3 | wireType)
    }

    func varint(_ number: UInt64, _ value: UInt64) -> WireBytes {
        adding(Self.tag(number, 0) + Self.varint(value))
    }

    func piece(_ number: UInt64, _ content: [UInt8]) -> WireBytes {
        adding(Self.tag(number, 2) + Self.varint(UInt64(content.count)) + content)
    }

    func text(_ number: UInt64, _ text: String) -> WireBytes {
        piece(number, Array(text.utf8))
    }

    func message(_ number: UInt64, _ message: WireBytes) -> WireBytes {
        piece(number, message.bytes)
    }

    func adding(_ more: [UInt8]) -> WireBytes {
        var copy = self
        copy.bytes += more
        return copy
    }
}

/// Why bytes were refused; nil where they were read.
func refusal<M: Message>(of bytes: [UInt8], as type: M.Type, limits: DecodingLimits = DecodingLimits()) -> ProtobufDecodingError? {
    do throws(ProtobufDecodingError) {
        _ = try M(protobuf: bytes, limits: limits)
        return nil
    } catch {
        return error
    }
}
