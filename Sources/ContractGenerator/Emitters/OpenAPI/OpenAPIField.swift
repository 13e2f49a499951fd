/// The schema of one field.
struct OpenAPIField {
    private let field: FieldModel
    private let schemas: OpenAPISchemas
    /// Whether callers send it: then its checks matter.
    private let isInput: Bool

    init(_ field: FieldModel, schemas: OpenAPISchemas, isInput: Bool) {
        self.field = field
        self.schemas = schemas
        self.isInput = isInput
    }

    /// The schema of a value that is there.
    var schema: JSONTree {
        switch field.shape {
        case .implicit, .optional, .oneof: return value(of: field.type)
        case .repeated:
            return (["type": "array"] as JSONTree).adding([
                "maxItems": isInput && field.rule.maxItems > 0 ? .integer(field.rule.maxItems) : nil, "items": value(of: field.type),
            ])
        case .map(_, let type): return ["type": "object", "additionalProperties": value(of: type)]
        }
    }

    /// The schema with `null` in it: of an answer where the contract calls the field optional, of a request where `null` does
    /// no harm.
    var nullableSchema: JSONTree {
        let isNullable = isInput ? field.shape == .optional && !field.rule.required && !field.rule.notNull : field.isOptional
        guard isNullable else { return schema }
        guard case .object(var members) = schema, let place = members.firstIndex(where: { $0.key == "type" }),
            case .text(let type) = members[place].value
        else {
            return ["anyOf": [schema, ["type": "null"]]]
        }
        members[place].value = [.text(type), "null"]
        return .object(members)
    }

    // MARK: Types

    private func value(of type: FieldType) -> JSONTree {
        switch type {
        case .string: text
        case .bytes: ["type": "string", "contentEncoding": "base64"]
        case .bool: ["type": "boolean"]
        case .double: ["type": "number", "format": "double"]
        case .float: ["type": "number", "format": "float"]
        case .int32, .sint32, .sfixed32: number("int32")
        case .int64, .sint64, .sfixed64: number("int64")
        case .uint32, .fixed32: number("int64", least: 0)
        case .uint64, .fixed64: number("uint64", least: 0)
        case .enumeration(let reference): .reference("schemas", schemas.enumName(reference.fullName))
        case .message(let reference): message(reference.fullName)
        }
    }

    private func number(_ format: String, least: Int? = nil) -> JSONTree {
        let minimum = (isInput ? field.rule.min : nil) ?? least
        return (["type": "integer", "format": .text(format)] as JSONTree).adding([
            "minimum": minimum.map(JSONTree.integer), "maximum": isInput ? field.rule.max.map(JSONTree.integer) : nil,
        ])
    }

    private func message(_ fullName: String) -> JSONTree {
        switch fullName {
        case "google.protobuf.Timestamp": ["type": "string", "format": "date-time"]
        case "google.protobuf.Duration": ["type": "string", "pattern": #"^-?[0-9]+(\.[0-9]{1,9})?s$"#]
        case "google.protobuf.FieldMask": ["type": "string"]
        case "google.protobuf.Struct": ["type": "object"]
        case "google.protobuf.ListValue": ["type": "array"]
        case "google.protobuf.Value": [:]
        case "google.protobuf.Any": ["type": "object", "properties": ["@type": ["type": "string"]]]
        case "google.protobuf.StringValue": ["type": "string"]
        case "google.protobuf.BytesValue": ["type": "string", "contentEncoding": "base64"]
        case "google.protobuf.BoolValue": ["type": "boolean"]
        case "google.protobuf.DoubleValue", "google.protobuf.FloatValue": ["type": "number"]
        case "google.protobuf.Int32Value", "google.protobuf.Int64Value", "google.protobuf.UInt32Value", "google.protobuf.UInt64Value":
            ["type": "integer"]
        default: .reference("schemas", isInput ? schemas.inputName(fullName) : schemas.outputName(fullName))
        }
    }

    // MARK: Text

    private var text: JSONTree {
        let rule = field.rule
        let base: JSONTree = ["type": "string"]
        guard isInput else { return base.adding(["format": rule.format == .date ? "date" : nil]) }
        let isShaped = format != nil || pattern != nil
        let least = isShaped && rule.minLength <= 1 ? 0 : max(rule.minLength, rule.required && field.shape != .repeated ? 1 : 0)
        let most = rule.format == .email && rule.maxLength == 0 ? 254 : rule.maxLength
        return base.adding([
            "format": format.map(JSONTree.text), "minLength": least > 0 ? .integer(least) : nil,
            "maxLength": most > 0 ? .integer(most) : nil, "pattern": pattern.map(JSONTree.text),
        ])
    }

    private var format: String? {
        switch field.rule.format {
        case .email: "email"
        case .date: "date"
        case .unspecified, .phone, .timeOfDay, .line: nil
        }
    }

    /// Ids are at most 64 characters long.
    private static let idLength = 64

    /// In the dialect of ECMA-262, as JSON Schema asks.
    private var pattern: String? {
        if let prefix = field.rule.idPrefix { return "^\(prefix)_[0-9A-Za-z]{1,\(Self.idLength - prefix.count - 1)}$" }
        if let pattern = field.rule.pattern { return "^(?:\(pattern))$" }
        switch field.rule.format {
        case .phone: return #"^\+?[0-9(][0-9 .()-]{6,39}$"#
        case .timeOfDay: return "^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$"
        case .line: return #"^(?=.*\S)[^\u0000-\u001F\u007F-\u009F\u2028-\u202E\u2066-\u2069]+$"#
        case .unspecified, .email, .date: return nil
        }
    }
}
