/// Makes the road between a Swift value and its C message.
struct CodecEmitter: Emitter {
    func files(for contract: Contract) throws -> [GeneratedFile] {
        contract.files.filter { !$0.values.isEmpty }.map { file in
            let modules = contract.importedModules + [contract.cModule, "CProtobufC", "ProtobufC"]
            return .swift("\(file.stem).codec.swift", of: file.protoPath, importing: modules) { code in
                for message in file.values { write(message, contract, to: &code) }
            }
        }
    }

    private func write(_ message: MessageModel, _ contract: Contract, to code: inout CodeWriter) {
        code.line()
        code.block("extension \(message.swiftName): Message") { code in
            code.line("public static var descriptor: UnsafePointer<ProtobufCMessageDescriptor> { \(message.cName)_describe() }")
            code.line()
            code.shortBlock("public init(fields c: UnsafePointer<\(message.cName)>)") { code in
                for property in message.properties { writeUnpacking(of: property, to: &code) }
            }
            code.line()
            code.shortBlock("public func layOut(into c: UnsafeMutablePointer<\(message.cName)>, in arena: MessageArena)") { code in
                for property in message.properties { writePacking(of: property, contract, to: &code) }
            }
        }
    }
}

// Unpacking.
extension CodecEmitter {
    private func writeUnpacking(of property: MessageModel.Property, to code: inout CodeWriter) {
        switch property {
        case .oneof(let oneof): writeUnpacking(of: oneof, to: &code)
        case .field(let field):
            if case .map(let key, let value) = field.shape {
                writeUnpacking(ofMap: field, key, value, to: &code)
            } else {
                code.line("\(SwiftName.declared(field.swiftName)) = \(unpacked(field))")
            }
        }
    }

    private func unpacked(_ field: FieldModel) -> String {
        let member = "c.pointee.\(field.cName)"
        switch field.cPresence {
        case .byCount: return "\(field.swiftType)(wire: \(member), count: c.pointee.n_\(field.name))"
        case .byPointer: return "\(member).map { \(field.type.swiftType)(unpacked: $0) }"
        case .byFlag where field.shape == .optional:
            return "c.pointee.has_\(field.name) == 0 ? nil : \(field.type.unpacked(member))"
        case .byValue, .byFlag, .byCase: return field.type.unpacked(member)
        }
    }

    private func writeUnpacking(ofMap field: FieldModel, _ key: FieldType, _ value: FieldType, to code: inout CodeWriter) {
        code.block("for case let entry? in UnsafeBufferPointer(start: c.pointee.\(field.cName), count: c.pointee.n_\(field.name))") {
            code in
            let name = SwiftName.declared(field.swiftName)
            code.line("\(name)[\(key.unpacked("entry.pointee.key"))] = \(value.unpacked("entry.pointee.value"))")
        }
    }

    private func writeUnpacking(of oneof: OneofModel, to code: inout CodeWriter) {
        code.line("switch c.pointee.\(oneof.name)_case {")
        for field in oneof.fields {
            let value = field.type.unpacked("c.pointee.\(oneof.cName).\(field.cName)")
            code.line("case \(field.number): \(SwiftName.declared(oneof.swiftName)) = .\(field.swiftName)(\(value))")
        }
        code.line("default: break")
        code.line("}")
    }
}

// Packing.
extension CodecEmitter {
    private func writePacking(of property: MessageModel.Property, _ contract: Contract, to code: inout CodeWriter) {
        switch property {
        case .oneof(let oneof): writePacking(of: oneof, to: &code)
        case .field(let field): writePacking(of: field, contract, to: &code)
        }
    }

    private func writePacking(of field: FieldModel, _ contract: Contract, to code: inout CodeWriter) {
        let name = SwiftName.declared(field.swiftName)
        let member = "c.pointee.\(field.cName)"
        switch field.cPresence {
        case .byValue:
            code.line("\(member) = \(field.type.packed(name))")
        case .byPointer:
            code.line("\(member) = \(name)?.packable(in: arena)")
        case .byFlag where field.shape == .optional:
            code.line("\(name).put(into: &\(member), &c.pointee.has_\(field.name), in: arena)")
        case .byFlag, .byCase:
            code.line("c.pointee.has_\(field.name) = \(name).bitPattern == 0 ? 0 : 1")
            code.line("\(member) = \(name)")
        case .byCount:
            code.line("c.pointee.n_\(field.name) = \(name).count")
            if case .map(let key, _) = field.shape {
                writeEntries(of: field, sortedBy: key, contract, to: &code)
            } else {
                code.line("\(member) = arena.list(\(name))")
            }
        }
    }

    /// Entries go by their keys, so that equal messages have equal bytes.
    private func writeEntries(of field: FieldModel, sortedBy key: FieldType, _ contract: Contract, to code: inout CodeWriter) {
        guard case .message(let reference) = field.type, let entry = contract.messages[reference.fullName] else { return }
        let order = key == .bool ? "!$0.key && $1.key" : "$0.key < $1.key"
        let name = SwiftName.declared(field.swiftName)
        code.block("c.pointee.\(field.cName) = arena.list(\(name).sorted { \(order) })") { code in
            code.line("(field) -> UnsafeMutablePointer<\(entry.cName)>? in")
            code.line("let entry: UnsafeMutablePointer<\(entry.cName)> = arena.place(for: \(entry.cName)_describe())")
            for part in entry.fields { writeEntryPart(part, to: &code) }
            code.line("return entry")
        }
    }

    private func writeEntryPart(_ part: FieldModel, to code: inout CodeWriter) {
        if case .byFlag = part.cPresence { code.line("entry.pointee.has_\(part.name) = 1") }
        code.line("entry.pointee.\(part.cName) = \(part.type.packed("field.\(part.name)"))")
    }

    private func writePacking(of oneof: OneofModel, to code: inout CodeWriter) {
        code.line("switch \(SwiftName.declared(oneof.swiftName)) {")
        for field in oneof.fields {
            code.line("case .\(field.swiftName)(let value)?:")
            code.indented { code in
                code.line("c.pointee.\(oneof.name)_case = \(field.number)")
                code.line("c.pointee.\(oneof.cName).\(field.cName) = \(field.type.packed("value"))")
            }
        }
        code.line("case nil: break")
        code.line("}")
    }
}

extension FieldType {
    /// Whether Swift and C write the value alike.
    private var isNumber: Bool {
        switch self {
        case .string, .bytes, .bool, .enumeration, .message: false
        default: true
        }
    }

    /// The Swift value of a C expression.
    fileprivate func unpacked(_ expression: String) -> String {
        isNumber ? expression : "\(swiftType)(wire: \(expression))"
    }

    /// The C value of a Swift expression.
    fileprivate func packed(_ expression: String) -> String {
        isNumber ? expression : "\(expression).wireValue(in: arena)"
    }
}
