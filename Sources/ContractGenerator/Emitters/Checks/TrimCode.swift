/// Which messages have texts whose outer spaces are taken off: requests, and what they hold.
struct TrimmedMessages {
    private let names: Set<String>

    init(_ contract: Contract) {
        var reached: Set<String> = []
        var open = contract.services.flatMap(\.methods).map(\.input.fullName)
        while let name = open.popLast() {
            guard let message = contract.messages[name], !SpecialJSON.isSpecial(name), reached.insert(name).inserted else { continue }
            open += message.fields.filter(\.isTrimmable).compactMap(\.checkedMessage)
        }
        var names: Set<String> = []
        var before = -1
        while before != names.count {
            before = names.count
            names.formUnion(
                reached.filter { name in
                    contract.messages[name]?.fields.contains { field in
                        field.isTrimmable && (field.type == .string || field.checkedMessage.map(names.contains) ?? false)
                    } ?? false
                })
        }
        self.names = names
    }

    func contains(_ message: MessageModel) -> Bool { names.contains(message.fullName) }

    func emit(_ message: MessageModel, to code: inout CodeWriter) {
        code.line()
        code.block("extension \(message.swiftName)") { code in
            code.block("public mutating func trimTexts()") { code in
                for property in message.properties {
                    switch property {
                    case .field(let field): if isTrimmed(field) { code.line("OuterSpace.trim(&\(field.swiftName))") }
                    case .oneof(let oneof): emit(oneof, to: &code)
                    }
                }
            }
        }
    }

    private func emit(_ oneof: OneofModel, to code: inout CodeWriter) {
        for field in oneof.fields where field.type == .string {
            let name = oneof.swiftName
            code.line("if case .\(field.swiftName)(let text)? = \(name.shadowedBy("text")) {")
            code.indented { $0.line("\(name) = .\(field.swiftName)(OuterSpace.trimmed(text))") }
            code.line("}")
        }
    }

    private func isTrimmed(_ field: FieldModel) -> Bool {
        field.isTrimmable && (field.type == .string || field.checkedMessage.map(names.contains) ?? false)
    }
}

extension FieldModel {
    /// Texts and messages, one or many; what a map holds is not the hospital's to change.
    fileprivate var isTrimmable: Bool {
        if case .map = shape { false } else { true }
    }
}
