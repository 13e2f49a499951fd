import PlainText
import SwiftProtobuf

/// Turns JSON into a message's binary form by its contract alone.
struct DynamicEncoder {
    private static let depthLimit = 100
    let catalog: ContractCatalog

    func encode(_ json: JSONValue, as messageName: String, depth: Int = 0) throws -> [UInt8] {
        guard depth < Self.depthLimit else { throw DynamicCodingError(path: "", reason: "nested too deeply") }
        if let wellKnown = WellKnownType.all[messageName] { return try wellKnown.encode(json) }
        guard case .object(let members) = json else {
            throw DynamicCodingError(path: "", reason: "must be an object, a \(messageName)")
        }
        let shape = try catalog.message(messageName)
        var writer = WireWriter()
        for (field, value) in try fields(of: shape, in: members) {
            try inside(field.name) { try encode(value, field, into: &writer, depth) }
        }
        return writer.bytes
    }

    /// The members that say something, with their fields, in the order of the fields' numbers.
    private func fields(of shape: MessageShape, in members: [JSONMember]) throws -> [(FieldShape, JSONValue)] {
        var found: [(field: FieldShape, value: JSONValue)] = []
        var oneofs: Set<Int32> = []
        for member in members {
            guard let field = shape.field(named: member.name) else {
                throw DynamicCodingError(path: member.name, reason: "\(shape.name) has no such field")
            }
            guard member.value != .null || field.typeName == "google.protobuf.Value" else { continue }
            if found.contains(where: { $0.field.number == field.number }) {
                throw DynamicCodingError(path: member.name, reason: "is given twice")
            }
            if let oneof = field.oneof, !oneofs.insert(oneof).inserted {
                throw DynamicCodingError(path: member.name, reason: "excludes another field that is given")
            }
            found.append((field, member.value))
        }
        return found.sorted { $0.field.number < $1.field.number }
    }

    private func encode(_ json: JSONValue, _ field: FieldShape, into writer: inout WireWriter, _ depth: Int) throws {
        if let entry = try mapEntry(of: field) {
            try encodeMap(json, entry, field, into: &writer, depth)
        } else if field.isRepeated {
            try encodeList(json, field, into: &writer, depth)
        } else {
            writer.tag(field.number, field.type.wireType)
            try encodeValue(json, field, into: &writer, depth)
        }
    }

    private func mapEntry(of field: FieldShape) throws -> MessageShape? {
        guard field.isRepeated, field.type == .message, WellKnownType.all[field.typeName] == nil else { return nil }
        let message = try catalog.message(field.typeName)
        return message.isMapEntry ? message : nil
    }

    private func encodeList(_ json: JSONValue, _ field: FieldShape, into writer: inout WireWriter, _ depth: Int) throws {
        guard case .array(let elements) = json else { throw DynamicCodingError(path: "", reason: "must be an array") }
        var packed = WireWriter()
        for (index, element) in elements.enumerated() {
            try inside("[\(index)]") {
                guard !field.isPacked else { return try encodeValue(element, field, into: &packed, depth) }
                writer.tag(field.number, field.type.wireType)
                try encodeValue(element, field, into: &writer, depth)
            }
        }
        if !packed.bytes.isEmpty {
            writer.tag(field.number, .counted)
            writer.counted(packed.bytes)
        }
    }

    private func encodeMap(
        _ json: JSONValue, _ entry: MessageShape, _ field: FieldShape, into writer: inout WireWriter, _ depth: Int
    ) throws {
        guard case .object(let members) = json, let key = entry.field(number: 1), let value = entry.field(number: 2) else {
            throw DynamicCodingError(path: "", reason: "must be an object")
        }
        for member in members {
            var content = WireWriter()
            try inside(member.name) {
                content.tag(1, key.type.wireType)
                try ScalarCoding.encode(key: member.name, key.type, into: &content)
                content.tag(2, value.type.wireType)
                try encodeValue(member.value, value, into: &content, depth)
            }
            writer.tag(field.number, .counted)
            writer.counted(content.bytes)
        }
    }

    private func encodeValue(_ json: JSONValue, _ field: FieldShape, into writer: inout WireWriter, _ depth: Int) throws {
        switch field.type {
        case .message:
            writer.counted(try encode(json, as: field.typeName, depth: depth + 1))
        case .enum:
            writer.varint(UInt64(bitPattern: Int64(try enumNumber(json, field))))
        default:
            try ScalarCoding.encode(json, field.type, into: &writer)
        }
    }

    private func enumNumber(_ json: JSONValue, _ field: FieldShape) throws -> Int32 {
        if case .integer(let number) = json, let number = Int32(exactly: number) { return number }
        if let name = json.text, let number = catalog.enums[field.typeName]?.number(of: name) { return number }
        let names = catalog.enums[field.typeName].map { $0.names.sorted { $0.key < $1.key }.map(\.value) } ?? []
        throw DynamicCodingError(path: "", reason: "must be one of \(names.joined(separator: ", "))")
    }

    private func inside(_ name: String, _ body: () throws -> Void) throws {
        do { try body() } catch let error as DynamicCodingError { throw error.inside(name) }
    }
}
