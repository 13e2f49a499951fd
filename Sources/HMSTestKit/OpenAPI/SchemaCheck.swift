public import PlainText

/// Holds JSON values to the schemas of a document (JSON Schema 2020-12, as far as ours uses it).
///
/// A keyword that it does not know is a fault, so that nothing is passed because it was not understood.
public struct SchemaCheck: Sendable {
    private let document: JSONValue

    public init(document: JSONValue) {
        self.document = document
    }

    /// What is wrong with a value, each fault with its place; none where it is as the schema says.
    public func faults(of value: JSONValue, under schema: JSONValue, at place: String = "$") -> [String] {
        guard case .object(let keywords) = schema else { return ["\(place): the schema is no object"] }
        return keywords.flatMap { faults(of: value, under: $0, in: schema, at: place) }
    }

    private func faults(of value: JSONValue, under keyword: JSONMember, in schema: JSONValue, at place: String) -> [String] {
        switch keyword.name {
        case "$ref": referred(value, keyword.value, place)
        case "type": fault(place, "is no \(keyword.value)", unless: isOfType(value, keyword.value))
        case "enum": fault(place, "is none of the enum", unless: keyword.value.elements.contains(value))
        case "const": fault(place, "is not the constant", unless: keyword.value == value)
        case "anyOf": anyOf(value, keyword.value.elements, place)
        case "properties": properties(value, keyword.value, place)
        case "required": required(value, keyword.value.elements, place)
        case "additionalProperties": additional(value, keyword.value, schema["properties"], place)
        case "items": items(value, keyword.value, place)
        case "maxItems": fault(place, "has too many items", unless: value.elements.count <= keyword.value.wholeNumber)
        case "minLength": text(value, place, "is too short") { $0.unicodeScalars.count >= keyword.value.wholeNumber }
        case "maxLength": text(value, place, "is too long") { $0.unicodeScalars.count <= keyword.value.wholeNumber }
        case "pattern": text(value, place, "matches no \(keyword.value)") { TextShape.matches($0, keyword.value.text ?? "") }
        case "format": format(value, keyword.value.text ?? "", place)
        case "minimum": fault(place, "is too small", unless: !value.isNumber || value.amount >= keyword.value.amount)
        case "maximum": fault(place, "is too large", unless: !value.isNumber || value.amount <= keyword.value.amount)
        case "description", "examples", "default", "contentEncoding", "x-hms-personal": []
        default: ["\(place): the keyword \(keyword.name) is unknown to this check"]
        }
    }

    private func fault(_ place: String, _ words: String, unless isRight: Bool) -> [String] {
        isRight ? [] : ["\(place) \(words)"]
    }

    private func text(_ value: JSONValue, _ place: String, _ words: String, isRight: (String) -> Bool) -> [String] {
        guard let text = value.text else { return [] }
        return fault(place, words, unless: isRight(text))
    }

    // MARK: Other schemas

    private func referred(_ value: JSONValue, _ reference: JSONValue, _ place: String) -> [String] {
        guard let schema = target(of: reference) else { return ["\(place): \(reference) leads nowhere"] }
        return faults(of: value, under: schema, at: place)
    }

    /// What `#/components/schemas/Patient` names.
    public func target(of reference: JSONValue?) -> JSONValue? {
        guard let path = reference?.text, path.hasPrefix("#/") else { return nil }
        return path.dropFirst(2).split(separator: "/").reduce(document as JSONValue?) { $0?[String($1)] }
    }

    private func anyOf(_ value: JSONValue, _ schemas: [JSONValue], _ place: String) -> [String] {
        let all = schemas.map { faults(of: value, under: $0, at: place) }
        return all.contains(where: \.isEmpty) ? [] : all.flatMap { $0 }
    }

    // MARK: Types

    private func isOfType(_ value: JSONValue, _ type: JSONValue) -> Bool {
        let names = type.text.map { [$0] } ?? type.elements.compactMap(\.text)
        return names.contains { value.isOfType($0) }
    }

    private func format(_ value: JSONValue, _ format: String, _ place: String) -> [String] {
        switch format {
        case "date": text(value, place, "is no date") { TextShape.isDate($0) }
        case "date-time": text(value, place, "is no time") { TextShape.isTime($0) }
        case "email": text(value, place, "is no address") { TextShape.matches($0, #"^[^@\s]+@[^@\s]+$"#) }
        case "uri": text(value, place, "is no URI") { TextShape.matches($0, "^[a-z]+:.+$") }
        case "uri-reference": text(value, place, "is no path") { $0.hasPrefix("/") }
        case "int32": fault(place, "is no int32", unless: !value.isNumber || Int32(exactly: value.amount) != nil)
        case "int64", "uint64", "double", "float": []
        default: ["\(place): the format \(format) is unknown to this check"]
        }
    }

    // MARK: Objects and arrays

    private func properties(_ value: JSONValue, _ schemas: JSONValue, _ place: String) -> [String] {
        value.members.flatMap { member in
            schemas[member.name].map { faults(of: member.value, under: $0, at: "\(place).\(member.name)") } ?? []
        }
    }

    private func required(_ value: JSONValue, _ names: [JSONValue], _ place: String) -> [String] {
        guard case .object = value else { return [] }
        return names.compactMap(\.text).filter { value[$0] == nil }.map { "\(place).\($0) is missing" }
    }

    private func additional(_ value: JSONValue, _ schema: JSONValue, _ known: JSONValue?, _ place: String) -> [String] {
        let others = value.members.filter { known?[$0.name] == nil }
        if schema == .bool(false) { return others.map { "\(place).\($0.name) is not known" } }
        if schema == .bool(true) { return [] }
        return others.flatMap { faults(of: $0.value, under: schema, at: "\(place).\($0.name)") }
    }

    private func items(_ value: JSONValue, _ schema: JSONValue, _ place: String) -> [String] {
        value.elements.enumerated().flatMap { faults(of: $1, under: schema, at: "\(place)[\($0)]") }
    }
}

extension JSONValue {
    /// Those of an object; none where it is none.
    public var members: [JSONMember] {
        if case .object(let members) = self { members } else { [] }
    }

    fileprivate var isNumber: Bool { isOfType("number") }

    fileprivate var amount: Double {
        switch self {
        case .integer(let number): Double(number)
        case .unsigned(let number): Double(number)
        case .number(let number): number
        case .null, .bool, .string, .array, .object: .nan
        }
    }

    fileprivate var wholeNumber: Int { Int(exactly: amount) ?? .max }

    fileprivate func isOfType(_ name: String) -> Bool {
        switch self {
        case .null: name == "null"
        case .bool: name == "boolean"
        case .integer, .unsigned: name == "integer" || name == "number"
        case .number: name == "number"
        case .string: name == "string"
        case .array: name == "array"
        case .object: name == "object"
        }
    }
}
