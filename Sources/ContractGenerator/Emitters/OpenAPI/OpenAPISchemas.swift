/// The schemas of everything that routes take and answer.
///
/// What is taken is described strictly: checks, no other keys. What is answered is described as it always is: every field
/// present. A message that is both has a schema for each, the taken one with `Input` behind its name.
struct OpenAPISchemas {
    let words: FieldWords
    let examples: OpenAPIExamples
    private let contract: Contract
    private let inputs: [String]
    private let outputs: [String]
    private let enums: [String]
    /// The messages that are a whole body or a whole answer.
    private let whole: Set<String>
    /// The fields of whole bodies that come from elsewhere, by message.
    private let elsewhere: [String: Set<String>]

    init(routes: [RouteModel], contract: Contract) {
        self.contract = contract
        words = FieldWords(contract)
        examples = OpenAPIExamples(contract, words)
        let bodies = routes.compactMap(\.bodyMessage)
        let answers = routes.filter { $0.status != 204 }.map(\.resource.fullName)
        whole = Set(bodies + answers)
        elsewhere = routes.filter { $0.body == .whole }.reduce(into: [:]) { elsewhere, route in
            let fields = route.pathFields + [route.ifMatch?.name].compactMap(\.self)
            elsewhere[route.input.fullName, default: []].formUnion(fields)
        }
        inputs = Self.reachable(from: bodies, contract)
        outputs = Self.reachable(from: answers, contract)
        let fields = (inputs + outputs).compactMap { contract.messages[$0] }.flatMap(\.fields) + routes.flatMap(\.queryFields)
        enums = Set(fields.compactMap(\.enumeration)).sorted()
    }

    private static func reachable(from start: [String], _ contract: Contract) -> [String] {
        var seen: Set<String> = []
        var open = start
        while let name = open.popLast() {
            guard !SpecialJSON.isSpecial(name), let message = contract.messages[name], seen.insert(name).inserted else { continue }
            open += message.fields.compactMap(\.checkedMessage)
        }
        return seen.sorted()
    }

    // MARK: Names

    func outputName(_ fullName: String) -> String {
        contract.messages[fullName]?.swiftName ?? fullName
    }

    func inputName(_ fullName: String) -> String {
        outputName(fullName) + (outputs.contains(fullName) && inputs.contains(fullName) ? "Input" : "")
    }

    func enumName(_ fullName: String) -> String {
        contract.enums[fullName]?.swiftName ?? fullName
    }

    // MARK: Components

    func components() throws -> [JSONTree.Member] {
        let taken = try inputs.compactMap { contract.messages[$0] }.map {
            JSONTree.Member(key: inputName($0.fullName), value: try input($0))
        }
        let answered = try outputs.compactMap { contract.messages[$0] }.map {
            JSONTree.Member(key: outputName($0.fullName), value: try output($0))
        }
        let named = try enums.compactMap { contract.enums[$0] }.map { JSONTree.Member(key: $0.swiftName, value: try enumeration($0)) }
        return (taken + answered + named).sorted { $0.key < $1.key }
    }

    private func input(_ message: MessageModel) throws -> JSONTree {
        let fields = message.fields.filter { !(elsewhere[message.fullName]?.contains($0.name) ?? false) }
        let required = fields.filter(\.rule.required).map(\.name)
        let oneofs = message.oneofs.filter { !$0.fields.isEmpty }.map { "At most one of \($0.fields.map(\.name).joined(separator: ", "))." }
        return try object(message, oneofs).adding([
            "additionalProperties": false,
            "required": required.isEmpty ? nil : .texts(required),
            "properties": .object(fields.map { JSONTree.Member(key: $0.name, value: try property($0, of: message, isInput: true)) }),
            "examples": whole.contains(message.fullName) ? [examples.request(message, fields: fields)] : nil,
        ])
    }

    private func output(_ message: MessageModel) throws -> JSONTree {
        let always = message.fields.filter { if case .oneof = $0.shape { false } else { true } }.map(\.name)
        return try object(message, []).adding([
            "required": always.isEmpty ? nil : .texts(always),
            "properties": .object(
                message.fields.map { JSONTree.Member(key: $0.name, value: try property($0, of: message, isInput: false)) }),
            "examples": whole.contains(message.fullName) ? [examples.answer(message)] : nil,
        ])
    }

    private func object(_ message: MessageModel, _ notes: [String]) throws -> JSONTree {
        guard !message.comment.isEmpty else { throw GenerationError("\(message.fullName) has no comment") }
        return ["type": "object", "description": .text(([message.comment.paragraphs] + notes).joined(separator: "\n\n"))]
    }

    private func enumeration(_ enumeration: EnumModel) throws -> JSONTree {
        let values = enumeration.values.filter { $0.number != 0 || $0.shortName != "UNSPECIFIED" }
        let undescribed = values.first(where: \.comment.isEmpty)
        if let undescribed { throw GenerationError("\(enumeration.fullName).\(undescribed.name) has no comment") }
        let notes = values.map { "`\($0.shortName)`: \($0.comment.paragraphs)" }
        let description = ([enumeration.comment.paragraphs] + notes).filter { !$0.isEmpty }.joined(separator: "\n\n")
        return ["type": "string", "description": .text(description), "enum": .texts(values.map(\.shortName))]
    }

    // MARK: Fields

    private func property(_ field: FieldModel, of message: MessageModel, isInput: Bool) throws -> JSONTree {
        OpenAPIField(field, schemas: self, isInput: isInput).nullableSchema.adding([
            "description": .text(try words.comment(field, of: message)), "x-hms-personal": field.rule.personal ? true : nil,
        ])
    }
}

extension RouteModel {
    /// The message that the body is.
    fileprivate var bodyMessage: String? {
        switch body {
        case .none: nil
        case .whole: input.fullName
        case .field(let field): field.checkedMessage
        }
    }
}

extension FieldModel {
    /// The enum that the field's values are of.
    var enumeration: String? {
        let type: FieldType = if case .map(_, let value) = shape { value } else { type }
        guard case .enumeration(let reference) = type else { return nil }
        return reference.fullName
    }
}
