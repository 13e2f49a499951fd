public import CProtobufC
import CWire

/// Fields that a message arrived with and that its contract doesn't know: those of a newer version. They are kept, and
/// sent on as they came.
public struct UnknownFields: Hashable, Sendable {
    /// The fields in protobuf's binary form.
    public private(set) var bytes: [UInt8] = []

    public init() {}

    /// Takes over what libprotobuf-c did not recognize.
    @inlinable
    public init(_ message: ProtobufCMessage) {
        self.init()
        if message.n_unknown_fields > 0 { keep(message) }
    }

    @usableFromInline
    mutating func keep(_ message: ProtobufCMessage) {
        for field in UnsafeBufferPointer(start: message.unknown_fields, count: Int(message.n_unknown_fields)) {
            appendVarint(UInt64(field.tag) << 3 | UInt64(field.wire_type.rawValue))
            bytes.append(contentsOf: UnsafeBufferPointer(start: field.data, count: field.len))
        }
    }

    /// Hands the fields to libprotobuf-c.
    @inlinable
    public func put(into message: inout ProtobufCMessage, in arena: MessageArena) {
        if !bytes.isEmpty { pack(into: &message, in: arena) }
    }

    /// One unknown field stands for all: its tag is the first one's, its data everything behind that tag.
    @usableFromInline
    func pack(into message: inout ProtobufCMessage, in arena: MessageArena) {
        let tagCount = (bytes.firstIndex { $0 < 0x80 } ?? 0) + 1
        let tag = bytes.prefix(tagCount).reversed().reduce(UInt64(0)) { $0 << 7 | UInt64($1 & 0x7F) }
        let data = arena.copy(Array(bytes.dropFirst(tagCount)))
        let field = ProtobufCMessageUnknownField(
            tag: UInt32(truncatingIfNeeded: tag >> 3), wire_type: ProtobufCWireType(UInt32(tag & 7)), len: data.len, data: data.data)
        message.unknown_fields = arena.list([field]) { $0 }
        message.n_unknown_fields = 1
    }

    private mutating func appendVarint(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }
}
