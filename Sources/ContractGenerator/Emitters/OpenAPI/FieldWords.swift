/// What the contract says of a field in words and by example.
///
/// Fields of one name and type mean the same within a file: one that is described describes those that are not. So the
/// words for `page_token` stand once.
struct FieldWords {
    private struct Name: Hashable {
        let file: String
        let field: String
        let type: FieldType
    }

    private var comments: [Name: [String]] = [:]
    private var examples: [Name: String] = [:]
    /// The rules that give a text its shape.
    private var shapes: [Name: FieldRule] = [:]

    init(_ contract: Contract) {
        for message in contract.files.flatMap(\.messages) {
            for field in message.fields { note(field, in: message) }
        }
    }

    private mutating func note(_ field: FieldModel, in message: MessageModel) {
        let name = Name(file: message.protoPath, field: field.name, type: field.type)
        if !field.comment.isEmpty, comments[name] == nil { comments[name] = field.comment }
        if let example = field.rule.example, examples[name] == nil { examples[name] = example }
        if field.rule.hasShape, shapes[name] == nil { shapes[name] = field.rule }
    }

    // MARK: Asked

    func comment(_ field: FieldModel, of message: MessageModel) throws -> String {
        let comment = field.comment.isEmpty ? comments[name(field, message)] : field.comment
        guard let comment else { throw GenerationError("\(message.fullName).\(field.name) has no comment") }
        return comment.paragraphs
    }

    /// The text of the field's example; nil where nothing gives one.
    func example(_ field: FieldModel, of message: MessageModel) -> String? {
        field.rule.example ?? examples[name(field, message)]
    }

    /// The rule that gives the field's text its shape.
    func shape(_ field: FieldModel, of message: MessageModel) -> FieldRule {
        field.rule.hasShape ? field.rule : shapes[name(field, message)] ?? field.rule
    }

    private func name(_ field: FieldModel, _ message: MessageModel) -> Name {
        Name(file: message.protoPath, field: field.name, type: field.type)
    }
}

extension FieldRule {
    fileprivate var hasShape: Bool {
        idPrefix != nil || [.email, .phone, .date, .timeOfDay].contains(format)
    }
}
