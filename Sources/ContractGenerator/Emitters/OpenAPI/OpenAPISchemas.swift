/// The schemas of everything that routes take and answer.
///
/// What is taken is described strictly: checks, no other keys. What is answered is described as it always is: every field
/// present. A message that is both has a schema for each, the taken one with `Input` behind its name.
struct OpenAPISchemas {
    private let contract: Contract
    private let inputs: [String]
    private let outputs: [String]
    private let enums: [String]
    /// The fields of whole bodies that come from elsewhere, by message.
    private let elsewhere: [String: Set<String>]

    init(routes: [RouteModel], contract: Contract) {
        self.contract = contract
        var elsewhere: [String: Set<String>] = [:]
        var bodies: [String] = []
        for route in routes {
            switch route.body {
            case .none: break
            case .whole:
                bodies.append(route.input.fullName)
                elsewhere[route.input.fullName, default: []].formUnion(route.pathFields + [route.ifMatch?.name].compactMap(\.self))
            case .field(let field): bodies.append(field.checkedMessage ?? "")
            }
        }
        self.elsewhere = elsewhere
        inputs = Self.reachable(from: bodies, contract)
        outputs = Self.reachable(from: routes.filter { $0.status != 204 }.map(\.resource.fullName), contract)
        let parameters = routes.flatMap(\.queryFields)
        let fields = (inputs + outputs).compactMap { contract.messages[$0] }.flatMap(\.fields) + parameters
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

    // MARK: Components

    var components: [(key: String, value: JSONTree)] {
        let taken = inputs.compactMap { name in contract.messages[name].map { (key: inputName(name), value: input($0)) } }
        let answered = outputs.compactMap { name in contract.messages[name].map { (key: outputName(name), value: output($0)) } }
        let named = enums.compactMap { name in contract.enums[name].map { (key: $0.swiftName, value: enumeration($0)) } }
        return (taken + answered + named).sorted { $0.key < $1.key }
    }

    private func input(_ message: MessageModel) -> JSONTree {
        let fields = message.fields.filter { !(elsewhere[message.fullName]?.contains($0.name) ?? false) }
        let required = fields.filter(\.rule.required).map(\.name)
        let oneofs = message.oneofs.filter { !$0.fields.isEmpty }.map { "At most one of \($0.fields.map(\.name).joined(separator: ", "))." }
        return object(message, oneofs).adding([
            "additionalProperties": false,
            "required": required.isEmpty ? nil : .texts(required),
            "properties": .object(fields.map { (key: $0.name, value: property($0, isInput: true)) }),
        ])
    }

    private func output(_ message: MessageModel) -> JSONTree {
        let always = message.fields.filter { if case .oneof = $0.shape { false } else { true } }.map(\.name)
        return object(message, []).adding([
            "required": always.isEmpty ? nil : .texts(always),
            "properties": .object(message.fields.map { (key: $0.name, value: property($0, isInput: false)) }),
        ])
    }

    private func object(_ message: MessageModel, _ notes: [String]) -> JSONTree {
        let description = ([message.comment.paragraphs] + notes).filter { !$0.isEmpty }.joined(separator: "\n\n")
        return (["type": "object"] as JSONTree).adding(["description": description.isEmpty ? nil : .text(description)])
    }

    private func enumeration(_ enumeration: EnumModel) -> JSONTree {
        let values = enumeration.values.filter { $0.number != 0 || $0.shortName != "UNSPECIFIED" }
        let notes = values.filter { !$0.comment.isEmpty }.map { "`\($0.shortName)`: \($0.comment.paragraphs)" }
        let description = ([enumeration.comment.paragraphs] + notes).filter { !$0.isEmpty }.joined(separator: "\n\n")
        return (["type": "string"] as JSONTree).adding([
            "description": description.isEmpty ? nil : .text(description), "enum": .texts(values.map(\.shortName)),
        ])
    }

    // MARK: Fields

    func parameter(_ field: FieldModel) -> JSONTree {
        OpenAPIField(field, schemas: self, isInput: true).schema
    }

    private func property(_ field: FieldModel, isInput: Bool) -> JSONTree {
        let property = OpenAPIField(field, schemas: self, isInput: isInput)
        return property.nullableSchema.adding([
            "description": field.comment.isEmpty ? nil : .text(field.comment.paragraphs),
            "x-hms-personal": field.rule.personal ? true : nil,
        ])
    }

    func enumName(_ fullName: String) -> String {
        contract.enums[fullName]?.swiftName ?? fullName
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
