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
            let parameters = "<Visitor: FieldVisitor & ~Copyable>(_ visitor: inout Visitor)"
            let visitFields = "public mutating func visitFields\(parameters) throws(Visitor.Failure)"
            code.shortBlock(visitFields) { code in
                for field in message.fields { code.line(visit(field, in: message)) }
            }
        }
    }

    // MARK: Fields

    private func visit(_ field: FieldModel, in message: MessageModel) -> String {
        guard case .oneof(let index) = field.shape else {
            return "try visitor.visit(\(key(of: field)), &\(field.swiftName.shadowedBy("visitor")))"
        }
        let oneof = message.oneofs[index]
        let choice = "&\(oneof.swiftName.shadowedBy("visitor")), \(oneof.swiftType).\(field.swiftName)"
        return "try visitor.visit(\(key(of: field)), of: \(choice)) { if case .\(field.swiftName)(let value) = $0 { value } else { nil } }"
    }

    /// The contract's name, and the proto3 mapping's where it is another.
    private func names(of field: FieldModel) -> String {
        field.name == field.jsonName ? "\"\(field.name)\"" : "\"\(field.name)\", \"\(field.jsonName)\""
    }

    private func key(of field: FieldModel) -> String {
        if field.rule.personal { return ".personal(\(names(of: field)))" }
        return field.name == field.jsonName ? "\"\(field.name)\"" : ".init(\(names(of: field)))"
    }

    // MARK: Enums

    private func emit(_ enumeration: EnumModel, to code: inout CodeWriter) {
        code.line()
        let isNull = enumeration.fullName == "google.protobuf.NullValue"
        code.block("extension \(enumeration.swiftName): ProtobufEnum") { code in
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
