import PlainText
import SwiftProtobuf

/// Turns a message's binary form into JSON by its contract alone: names as in the contract, fields at their default
/// present, unset messages and optionals left out.
struct DynamicDecoder {
    private static let depthLimit = 100
    let catalog: ContractCatalog

    func decode(_ bytes: ArraySlice<UInt8>, as messageName: String, depth: Int = 0) throws -> JSONValue {
        guard depth < Self.depthLimit else { throw DynamicCodingError(path: "", reason: "nested too deeply") }
        if let wellKnown = WellKnownType.all[messageName] { return try wellKnown.decode(Array(bytes)) }
        let shape = try catalog.message(messageName)
        var values: [Int32: [JSONValue]] = [:]
        var reader = WireReader(bytes)
        while !reader.isAtEnd {
            let (number, type) = try reader.tag()
            guard let field = shape.field(number: number) else {
                try reader.skip(type)
                continue
            }
            try read(field, type, from: &reader, into: &values, depth)
        }
        return .object(try shape.fields.compactMap { field in try member(field, values[field.number]) })
    }

    private func read(
        _ field: FieldShape, _ type: WireType, from reader: inout WireReader, into values: inout [Int32: [JSONValue]], _ depth: Int
    ) throws {
        if field.isRepeated, type == .counted, field.type.wireType != .counted {
            var packed = WireReader(try reader.counted())
            while !packed.isAtEnd { values[field.number, default: []].append(try value(field, from: &packed, depth)) }
            return
        }
        guard type == field.type.wireType else {
            throw DynamicCodingError(path: field.name, reason: "the message does not fit its contract")
        }
        values[field.number, default: []].append(try value(field, from: &reader, depth))
    }

    private func value(_ field: FieldShape, from reader: inout WireReader, _ depth: Int) throws -> JSONValue {
        switch field.type {
        case .message:
            return try decode(try reader.counted(), as: field.typeName, depth: depth + 1)
        case .enum:
            return enumName(Int32(truncatingIfNeeded: try reader.varint()), field)
        default:
            return try ScalarCoding.decode(field.type, from: &reader)
        }
    }

    private func member(_ field: FieldShape, _ values: [JSONValue]?) throws -> JSONMember? {
        if field.isRepeated { return JSONMember(field.name, try list(field, values ?? [])) }
        if let value = values?.last { return JSONMember(field.name, value) }
        return field.hasPresence ? nil : JSONMember(field.name, defaultValue(field))
    }

    private func list(_ field: FieldShape, _ values: [JSONValue]) throws -> JSONValue {
        guard field.type == .message, WellKnownType.all[field.typeName] == nil, try catalog.message(field.typeName).isMapEntry
        else { return .array(values) }
        var entries: [String: JSONValue] = [:]
        for entry in values { entries[entry["key"]?.keyText ?? ""] = entry["value"] ?? .object([]) }
        return .object(entries.sorted { $0.key < $1.key }.map { JSONMember($0.key, $0.value) })
    }

    private func defaultValue(_ field: FieldShape) -> JSONValue {
        field.type == .enum ? enumName(0, field) : ScalarCoding.defaultValue(field.type)
    }

    private func enumName(_ number: Int32, _ field: FieldShape) -> JSONValue {
        catalog.enums[field.typeName]?.names[number].map { .string($0) } ?? .integer(Int64(number))
    }
}

extension JSONValue {
    /// A map's key, which JSON writes as text whatever it is.
    fileprivate var keyText: String {
        switch self {
        case .string(let text): text
        case .null, .bool, .integer, .unsigned, .number, .array, .object: compact
        }
    }
}
