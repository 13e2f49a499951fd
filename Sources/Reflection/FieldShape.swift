import SwiftProtobuf

/// One field of a message.
struct FieldShape: Sendable {
    let name: String
    let jsonName: String
    let number: Int32
    let type: Google_Protobuf_FieldDescriptorProto.TypeEnum
    /// The full name of the message or enum, empty for scalars.
    let typeName: String
    let isRepeated: Bool
    let isPacked: Bool
    /// Whether unset and default are different things.
    let hasPresence: Bool
    /// The oneof it belongs to, nil also for `optional`.
    let oneof: Int32?

    init(_ field: Google_Protobuf_FieldDescriptorProto, isProto3: Bool) {
        name = field.name
        jsonName = field.hasJsonName ? field.jsonName : field.name
        number = field.number
        type = field.type
        typeName = String(field.typeName.drop { $0 == "." })
        isRepeated = field.label == .repeated
        let isPackable = ![.string, .bytes, .message, .group].contains(field.type)
        isPacked = isRepeated && isPackable && (field.options.hasPacked ? field.options.packed : isProto3)
        hasPresence = !isRepeated && (field.type == .message || field.hasOneofIndex || field.proto3Optional || !isProto3)
        oneof = field.hasOneofIndex && !field.proto3Optional ? field.oneofIndex : nil
    }
}
