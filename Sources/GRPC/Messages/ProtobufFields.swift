import NIOCore

/// Reads the few messages of gRPC itself, field by field. What is malformed ends the reading.
struct ProtobufFields: Sequence, IteratorProtocol {
    enum Value {
        case number(UInt64)
        case bytes(ByteBuffer)
        case other
    }

    private var rest: ByteBuffer

    init(_ message: ByteBuffer) {
        rest = message
    }

    mutating func next() -> (number: Int, value: Value)? {
        guard let key = rest.readVarint(), let value = readValue(ofType: key & 7) else { return nil }
        return (Int(truncatingIfNeeded: key >> 3), value)
    }

    private mutating func readValue(ofType type: UInt64) -> Value? {
        switch type {
        case 0: rest.readVarint().map { .number($0) }
        case 1: rest.readSlice(length: 8).map { _ in .other }
        case 2: rest.readVarint().flatMap { Int(exactly: $0) }.flatMap { rest.readSlice(length: $0) }.map { .bytes($0) }
        case 5: rest.readSlice(length: 4).map { _ in .other }
        default: nil
        }
    }
}

extension ProtobufFields.Value {
    var text: String? { bytes.map { String(buffer: $0) } }

    var bytes: ByteBuffer? {
        if case .bytes(let bytes) = self { bytes } else { nil }
    }

    var number: UInt64? {
        if case .number(let number) = self { number } else { nil }
    }
}

extension ByteBuffer {
    fileprivate mutating func readVarint() -> UInt64? {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 70, by: 7) {
            guard let byte = readInteger(as: UInt8.self) else { return nil }
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
        }
        return nil
    }

    mutating func writeVarint(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            writeInteger(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        writeInteger(UInt8(rest))
    }

    mutating func writeField(_ number: Int, _ value: UInt64) {
        guard value != 0 else { return }
        writeVarint(UInt64(number) << 3)
        writeVarint(value)
    }

    mutating func writeField(_ number: Int, _ text: String) {
        if !text.isEmpty { writeField(number, ByteBuffer(string: text)) }
    }

    /// Writes bytes or a message, an empty one, too.
    mutating func writeField(_ number: Int, _ bytes: ByteBuffer) {
        writeVarint(UInt64(number) << 3 | 2)
        writeVarint(UInt64(bytes.readableBytes))
        writeImmutableBuffer(bytes)
    }

    mutating func writeMessage(_ number: Int, _ fill: (inout ByteBuffer) -> Void) {
        var message = ByteBuffer()
        fill(&message)
        writeField(number, message)
    }
}
