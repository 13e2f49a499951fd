/// Makes the Swift values: a struct for each message, an enum for each enum and oneof.
struct ValuesEmitter: Emitter {
    func files(for contract: Contract) throws -> [GeneratedFile] {
        contract.files.filter { !$0.values.isEmpty || !$0.enums.isEmpty }.map { file in
            .swift("\(file.stem).messages.swift", of: file.protoPath, importing: contract.importedModules + ["ProtobufC"]) { code in
                for enumeration in file.enums { write(enumeration, to: &code) }
                for message in file.values { write(message, to: &code) }
            }
        }
    }

    /// Writes a declaration, inside its parent's extension where it is nested.
    private func nest(in parent: String?, _ code: inout CodeWriter, _ body: (inout CodeWriter) -> Void) {
        code.line()
        guard let parent else { return body(&code) }
        code.block("extension \(parent)") { body(&$0) }
    }
}

extension ValuesEmitter {
    private func write(_ enumeration: EnumModel, to code: inout CodeWriter) {
        let values = enumeration.values.filter { !$0.isAlias }
        nest(in: enumeration.swiftParent, &code) { code in
            code.document(enumeration.comment)
            code.block("public enum \(SwiftName.declared(enumeration.swiftShortName)): WireEnum, Hashable, Sendable") { code in
                for value in values {
                    code.document(value.comment)
                    code.line("case \(SwiftName.declared(value.swiftName))")
                }
                code.line("/// A number that the contract doesn't name.")
                code.line("case unrecognized(Int32)")
                writeAliases(of: enumeration, to: &code)
                writeNumbers(values, to: &code)
            }
        }
    }

    private func writeAliases(of enumeration: EnumModel, to code: inout CodeWriter) {
        let names = Set(enumeration.values.filter { !$0.isAlias }.map(\.swiftName))
        var written: Set<String> = []
        for alias in enumeration.values where alias.isAlias && !names.contains(alias.swiftName) && written.insert(alias.swiftName).inserted
        {
            guard let original = enumeration.values.first(where: { $0.number == alias.number }) else { continue }
            code.line()
            code.document(alias.comment)
            code.line("public static let \(SwiftName.declared(alias.swiftName)) = Self.\(original.swiftName)")
        }
    }

    private func writeNumbers(_ values: [EnumModel.Value], to code: inout CodeWriter) {
        code.line()
        code.block("public init(rawValue: Int32)") { code in
            code.line("switch rawValue {")
            for value in values { code.line("case \(value.number): self = .\(value.swiftName)") }
            code.line("default: self = .unrecognized(rawValue)")
            code.line("}")
        }
        code.line()
        code.block("public var rawValue: Int32") { code in
            code.line("switch self {")
            for value in values { code.line("case .\(value.swiftName): \(value.number)") }
            code.line("case .unrecognized(let number): number")
            code.line("}")
        }
    }
}

extension ValuesEmitter {
    private func write(_ message: MessageModel, to code: inout CodeWriter) {
        nest(in: message.swiftParent, &code) { code in
            code.document(message.comment)
            code.block("public struct \(SwiftName.declared(message.swiftShortName)): Hashable, Sendable") { code in
                for property in message.properties {
                    switch property {
                    case .field(let field): write(field, to: &code)
                    case .oneof(let oneof): write(oneof, to: &code)
                    }
                }
                code.line("public var unknownFields = UnknownFields()")
                writeInitializers(of: message, to: &code)
                for oneof in message.oneofs { writeCases(of: oneof, to: &code) }
            }
        }
    }

    private func write(_ field: FieldModel, to code: inout CodeWriter) {
        code.document(field.comment)
        guard field.isBoxed else {
            return code.line("public var \(SwiftName.declared(field.swiftName)): \(field.swiftType)\(initialValue(of: field))")
        }
        let box = "boxed_" + field.swiftName
        code.block("public var \(SwiftName.declared(field.swiftName)): \(field.swiftType)") { code in
            code.line("get { \(box)?.value }")
            code.line("set { \(box) = newValue.map { Box($0) } }")
        }
        code.line("private var \(box): Box<\(field.type.swiftType)>?")
    }

    private func initialValue(of field: FieldModel) -> String {
        field.swiftDefault == "nil" ? "" : " = \(field.swiftDefault)"
    }

    private func write(_ oneof: OneofModel, to code: inout CodeWriter) {
        code.document(oneof.comment)
        code.line("public var \(SwiftName.declared(oneof.swiftName)): \(oneof.swiftType)?")
    }

    private func writeCases(of oneof: OneofModel, to code: inout CodeWriter) {
        code.line()
        code.document(oneof.comment.isEmpty ? ["At most one of these."] : oneof.comment)
        code.block("public \(oneof.isIndirect ? "indirect " : "")enum \(oneof.swiftType): Hashable, Sendable") { code in
            for field in oneof.fields {
                code.document(field.comment)
                code.line("case \(SwiftName.declared(field.swiftName))(\(field.type.swiftType))")
            }
        }
    }

    private func writeInitializers(of message: MessageModel, to code: inout CodeWriter) {
        code.line()
        code.line("public init() {}")
        let parts = message.properties.map(parameter)
        guard !parts.isEmpty else { return }
        let parameters = parts.map { "\(SwiftName.declared($0.name)): \($0.type) = \($0.value)" }
        code.shortBlock("public init(\(parameters.joined(separator: ", ")))") { code in
            for part in parts { code.line("self.\(SwiftName.declared(part.name)) = \(SwiftName.declared(part.name))") }
        }
    }

    private func parameter(_ property: MessageModel.Property) -> (name: String, type: String, value: String) {
        switch property {
        case .field(let field): (field.swiftName, field.swiftType, field.swiftDefault)
        case .oneof(let oneof): (oneof.swiftName, oneof.swiftType + "?", "nil")
        }
    }
}
