/// The JSON mapping of messages and enums: `patient.json.swift`.
struct JSONEmitter: Emitter {
    func files(for contract: Contract) throws -> [GeneratedFile] {
        contract.files.filter { !$0.values.isEmpty || !$0.enums.isEmpty }.map { file in
            .swift(file.stem + ".json.swift", of: file.protoPath, importing: contract.importedModules + ["ProtobufJSON"]) { code in
                for message in file.values { emit(message, to: &code) }
                for enumeration in file.enums { emit(enumeration, to: &code) }
            }
        }
    }

    private func emit(_ message: MessageModel, to code: inout CodeWriter) {
        code.line()
        if let special = SpecialJSON(message) { return special.emit(to: &code) }
        code.block("extension \(message.swiftName): JSONMessage") { code in
            emitNames(of: message, to: &code)
            code.line()
            emitWriter(of: message, to: &code)
            code.line()
            emitReader(of: message, to: &code)
        }
    }

    // MARK: Names

    private func emitNames(of message: MessageModel, to code: inout CodeWriter) {
        guard !message.fields.isEmpty else { return code.line("static let jsonFields = JSONFields([])") }
        code.line("static let jsonFields = JSONFields([")
        code.indented { code in
            for field in message.fields { code.line(".init(\(field.number), \(names(of: field))),") }
        }
        code.line("])")
    }

    /// The contract's name, and the proto3 mapping's where it is another.
    private func names(of field: FieldModel) -> String {
        field.name == field.jsonName ? "\"\(field.name)\"" : "\"\(field.name)\", \"\(field.jsonName)\""
    }

    private func key(of field: FieldModel) -> String {
        if field.rule.personal { return ".personal(\(names(of: field)))" }
        return field.name == field.jsonName ? "\"\(field.name)\"" : ".init(\(names(of: field)))"
    }

    // MARK: Writing

    private func emitWriter(of message: MessageModel, to code: inout CodeWriter) {
        code.block("public func writeJSON(to json: inout JSONWriter)") { code in
            code.line("json.openObject()")
            for property in message.properties {
                switch property {
                case .field(let field): code.line("json.write(\(key(of: field)), \(field.swiftName.shadowedBy("json")))")
                case .oneof(let oneof): emitWriter(of: oneof, to: &code)
                }
            }
            code.line("json.closeObject()")
        }
    }

    private func emitWriter(of oneof: OneofModel, to code: inout CodeWriter) {
        code.line("switch \(oneof.swiftName.shadowedBy("json")) {")
        for field in oneof.fields {
            code.line("case .\(field.swiftName)(let value): json.writePresent(\(key(of: field)), value)")
        }
        code.line("case nil: break")
        code.line("}")
    }

    // MARK: Reading

    private func emitReader(of message: MessageModel, to code: inout CodeWriter) {
        code.block("public mutating func readJSON(from json: inout JSONReader) throws") { code in
            code.line("var fields = try json.openObject(Self.jsonFields)")
            guard !message.fields.isEmpty else { return code.line("while try json.nextField(&fields) != nil {}") }
            code.block("while let field = try json.nextField(&fields)") { code in
                code.line("switch field {")
                for field in message.fields { emitReader(of: field, in: message, to: &code) }
                code.line("default: break")
                code.line("}")
            }
        }
    }

    private func emitReader(of field: FieldModel, in message: MessageModel, to code: inout CodeWriter) {
        guard case .oneof(let index) = field.shape else {
            return code.line("case \(field.number): try json.read(&\(field.swiftName.shadowedBy("json", "fields", "field")))")
        }
        let oneof = message.oneofs[index].swiftName.shadowedBy("json", "fields", "field", "value")
        code.line("case \(field.number):")
        code.indented { code in
            code.block("if let value = try json.readMember(\(field.type.swiftType).self, taken: \(oneof) != nil)") { code in
                code.line("\(oneof) = .\(field.swiftName)(value)")
            }
        }
    }

    // MARK: Enums

    private func emit(_ enumeration: EnumModel, to code: inout CodeWriter) {
        code.line()
        let isNull = enumeration.fullName == "google.protobuf.NullValue"
        code.block("extension \(enumeration.swiftName): ProtobufEnum\(isNull ? ", JSONNullReadable" : "")") { code in
            code.line("public static let names = EnumNames([")
            code.indented { code in
                for value in enumeration.values { code.line(".init(\(value.number), \"\(value.shortName)\", \"\(value.name)\"),") }
            }
            code.line("])")
            if isNull { SpecialJSON.emitNull(to: &code) }
        }
    }
}

extension String {
    /// The property's name, by way of `self` where a local variable has the same.
    func shadowedBy(_ locals: String...) -> String {
        locals.contains(self) ? "self.\(self)" : SwiftName.declared(self)
    }
}
