/// Values that stand for what a message holds: from the contract's examples, else from the rules of its fields.
///
/// A request shows the fields that must be there, those that have an example of their own, and lists of messages; an answer
/// shows all of its fields.
struct OpenAPIExamples {
    private let contract: Contract
    private let words: FieldWords

    init(_ contract: Contract, _ words: FieldWords) {
        self.contract = contract
        self.words = words
    }

    // MARK: Messages

    /// - Parameter fields: those that a caller sends in the body.
    func request(_ message: MessageModel, fields: [FieldModel]) throws -> JSONTree {
        let shown = fields.filter { $0.rule.required || $0.rule.example != nil || ($0.shape == .repeated && $0.type.isMessage) }
        return .object(
            try shown.map { JSONTree.Member(key: $0.name, value: try value($0, of: message, isInput: true, within: [message.fullName])) })
    }

    func answer(_ message: MessageModel) throws -> JSONTree {
        try answer(message, within: [])
    }

    private func answer(_ message: MessageModel, within outer: [String]) throws -> JSONTree {
        guard !outer.contains(message.fullName) else { throw GenerationError("\(message.fullName) always holds itself") }
        let shown = message.fields.filter { field in
            guard case .oneof(let index) = field.shape else { return true }
            return message.oneofs[index].fields.first == field
        }
        let within = outer + [message.fullName]
        return .object(try shown.map { JSONTree.Member(key: $0.name, value: try answered($0, of: message, within: within)) })
    }

    /// What may be absent is, unless the field has an example of its own.
    private func answered(_ field: FieldModel, of message: MessageModel, within outer: [String]) throws -> JSONTree {
        if field.isOptional, field.rule.example == nil { return .null }
        return try value(field, of: message, isInput: false, within: outer)
    }

    // MARK: Fields

    /// Of a parameter that must be there, or that has an example of its own; nil for others.
    func parameter(_ field: FieldModel, of message: MessageModel) throws -> JSONTree? {
        guard field.rule.required || field.rule.example != nil else { return nil }
        return try value(field, of: message, isInput: true, within: [])
    }

    /// Of a field that a caller sends.
    func example(_ field: FieldModel, of message: MessageModel) throws -> JSONTree {
        try value(field, of: message, isInput: true, within: [])
    }

    private func value(_ field: FieldModel, of message: MessageModel, isInput: Bool, within outer: [String]) throws -> JSONTree {
        switch field.shape {
        case .implicit, .optional, .oneof: try single(field, of: message, isInput: isInput, within: outer)
        case .repeated: [try single(field, of: message, isInput: isInput, within: outer)]
        case .map: [:]
        }
    }

    private func single(_ field: FieldModel, of message: MessageModel, isInput: Bool, within outer: [String]) throws -> JSONTree {
        let example = words.example(field, of: message)
        switch field.type {
        case .string: return .text(try example ?? text(field, of: message))
        case .bytes: return .text(example ?? "")
        case .bool: return .bool(example == "true")
        case .double, .float, .int32, .int64, .uint32, .uint64, .sint32, .sint64, .fixed32, .fixed64, .sfixed32, .sfixed64:
            guard let number = Int(example ?? "\(field.rule.min ?? 1)") else { throw wrong(field, message) }
            return .integer(number)
        case .enumeration(let reference): return .text(try name(reference.fullName, example, field, message))
        case .message(let reference): return try nested(reference.fullName, example, isInput, outer)
        }
    }

    private func wrong(_ field: FieldModel, _ message: MessageModel) -> GenerationError {
        GenerationError("\(message.fullName).\(field.name): its example is none of its type")
    }

    /// The named value, or the first that says anything.
    private func name(_ fullName: String, _ example: String?, _ field: FieldModel, _ message: MessageModel) throws -> String {
        let values = contract.enums[fullName]?.values ?? []
        let value = example.map { text in values.first { $0.shortName == text } } ?? values.first { $0.number != 0 } ?? values.first
        guard let value else { throw wrong(field, message) }
        return value.shortName
    }

    private func nested(_ fullName: String, _ example: String?, _ isInput: Bool, _ outer: [String]) throws -> JSONTree {
        switch fullName {
        case "google.protobuf.Timestamp": return .text(example ?? "2030-01-02T06:15:00Z")
        case "google.protobuf.Duration": return .text(example ?? "1.5s")
        case _ where SpecialJSON.isSpecial(fullName): return [:]
        default:
            guard let message = contract.messages[fullName] else { throw GenerationError("\(fullName) is unknown") }
            return try isInput ? request(message, fields: message.fields) : answer(message, within: outer)
        }
    }

    /// What the shape of a text alone tells.
    private func text(_ field: FieldModel, of message: MessageModel) throws -> String {
        let shape = words.shape(field, of: message)
        if let prefix = shape.idPrefix { return prefix + "_01k9v3t6q8w2n7xk4m5t6v9y0a" }
        switch shape.format {
        case .email: return "asha.rao@mail.example"
        case .phone: return "+91 98450 12345"
        case .date: return "2030-01-07"
        case .timeOfDay: return "09:00"
        case .unspecified, .line:
            guard !field.isPageToken else { return "" }
            throw GenerationError("\(message.fullName).\(field.name) has no example")
        }
    }
}

extension FieldModel {
    /// Whether the contract lets it be absent from an answer.
    var isOptional: Bool { shape == .optional && isDeclaredOptional }

    fileprivate var isPageToken: Bool { name == "next_page_token" }
}
