/// The `nameIDs(into:)` of one message: which of its fields name records.
struct NamedIDCode {
    private let message: MessageModel
    private let fields: [FieldModel]

    /// Nil where no field of the message names a record.
    init?(_ message: MessageModel) {
        self.message = message
        fields = message.fields.filter { $0.rule.idPrefix != nil }
        if fields.isEmpty { return nil }
    }

    func emit(to code: inout CodeWriter) {
        code.shortBlock("public func nameIDs(into ids: inout NamedIDs)") { code in
            for property in message.properties {
                switch property {
                case .field(let field):
                    if let call = call(field, value: field.swiftName.shadowedBy("ids")) { code.line(call) }
                case .oneof(let oneof): emit(oneof, to: &code)
                }
            }
        }
    }

    private func emit(_ oneof: OneofModel, to code: inout CodeWriter) {
        for field in oneof.fields {
            guard let call = call(field, value: "id") else { continue }
            code.line("if case .\(field.swiftName)(let id)? = \(oneof.swiftName.shadowedBy("ids", "id")) { \(call) }")
        }
    }

    private func call(_ field: FieldModel, value: String) -> String? {
        guard let prefix = field.rule.idPrefix else { return nil }
        return switch field.shape {
        case .implicit, .optional, .oneof: "ids.note(\(value), prefix: \"\(prefix)\")"
        case .repeated: "ids.note(each: \(value), prefix: \"\(prefix)\")"
        case .map: "ids.note(each: \(value).values, prefix: \"\(prefix)\")"
        }
    }
}
