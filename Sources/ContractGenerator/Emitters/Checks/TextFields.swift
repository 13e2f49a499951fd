/// Which messages are filled from path and query parameters: requests that have a route, and what they hold.
struct TextFields {
    private let names: Set<String>

    init(_ contract: Contract) {
        var names: Set<String> = []
        var open = contract.services.flatMap(\.methods).filter { !$0.http.isEmpty }.map(\.input.fullName)
        while let name = open.popLast() {
            guard let message = contract.messages[name], !SpecialJSON.isSpecial(name), names.insert(name).inserted else { continue }
            open += message.fields.filter { $0.shape == .optional }.compactMap(\.checkedMessage)
        }
        self.names = names
    }

    func contains(_ message: MessageModel) -> Bool { names.contains(message.fullName) }

    func emit(_ message: MessageModel, to code: inout CodeWriter) {
        code.line()
        code.block("extension \(message.swiftName)") { code in
            code.block("public mutating func set(_ name: String, text texts: [String]) throws") { code in
                code.line("let text = FieldText(name, texts)")
                code.line("switch name {")
                for field in message.fields where field.isTextReadable { code.line(line(for: field, in: message)) }
                for field in message.fields where field.holdsTextFields {
                    code.line("case _ where text.isInside(\"\(field.name)\"): try text.read(\"\(field.name)\", &\(property(field)))")
                }
                code.line("default: throw text.unknown()")
                code.line("}")
            }
        }
    }

    private func line(for field: FieldModel, in message: MessageModel) -> String {
        guard case .oneof(let index) = field.shape else { return "case \"\(field.name)\": try text.read(&\(property(field)))" }
        let oneof = message.oneofs[index].swiftName.shadowedBy("name", "text", "texts")
        return "case \"\(field.name)\": \(oneof) = .\(field.swiftName)(try text.single())"
    }

    private func property(_ field: FieldModel) -> String {
        field.swiftName.shadowedBy("name", "text", "texts")
    }
}

extension FieldModel {
    /// Whether the text of a parameter can be the field's value, or one of them.
    var isTextReadable: Bool {
        if case .map = shape { return false }
        guard case .message(let reference) = type else { return true }
        return SpecialJSON.isTextReadable(reference.fullName)
    }

    /// Whether parameters reach the field's own fields: `patient.name`.
    var holdsTextFields: Bool {
        shape == .optional && checkedMessage.map { !SpecialJSON.isSpecial($0) } ?? false
    }
}
