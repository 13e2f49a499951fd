/// The checks of fields, and the ids that they name: `patient.checks.swift`.
struct ChecksEmitter: Emitter {
    func files(for contract: Contract) throws -> [GeneratedFile] {
        let requests = RequestMessages(contract)
        let checks = CheckedMessages(contract)
        return try contract.files.compactMap { file in
            let messages = file.values.filter(requests.contains)
            guard !messages.isEmpty else { return nil }
            let modules = contract.importedModules + ["FieldChecks", "ProtobufJSON"]
            return try .swift(file.stem + ".checks.swift", of: file.protoPath, importing: modules) { code in
                for message in messages { try CheckCode(message, checks).emit(to: &code) }
            }
        }
    }
}

/// Which messages have anything to check, in their own fields or deeper.
struct CheckedMessages {
    private let names: Set<String>
    private let messages: [String: MessageModel]

    init(_ contract: Contract) {
        self.messages = contract.messages
        let messages = contract.messages.values.filter { !$0.isMapEntry }
        var names: Set<String> = ["google.protobuf.Timestamp", "google.protobuf.Duration"]
        names.formUnion(messages.filter { $0.fields.contains(where: Self.hasOwnCheck) }.map(\.fullName))
        var before = -1
        while before != names.count {
            before = names.count
            names.formUnion(messages.filter { $0.fields.contains { $0.checkedMessage.map(names.contains) ?? false } }.map(\.fullName))
        }
        self.names = names.filter { !SpecialJSON.isSpecial($0) || $0.hasSuffix(".Timestamp") || $0.hasSuffix(".Duration") }
    }

    func contains(_ message: MessageModel) -> Bool { names.contains(message.fullName) }

    func contains(_ fullName: String) -> Bool { names.contains(fullName) }

    /// The type of a message field.
    func message(_ field: FieldModel) -> MessageModel? { field.checkedMessage.flatMap { messages[$0] } }

    private static func hasOwnCheck(_ field: FieldModel) -> Bool {
        field.hasRule || field.isEnumeration
    }
}

extension FieldModel {
    /// The message type whose own checks the field's values go through.
    var checkedMessage: String? {
        let type: FieldType = if case .map(_, let value) = shape { value } else { type }
        guard case .message(let reference) = type else { return nil }
        return reference.fullName
    }

    var isEnumeration: Bool {
        let type: FieldType = if case .map(_, let value) = shape { value } else { type }
        if case .enumeration = type { return true }
        return false
    }

    /// Whether the contract says anything that a value can break.
    var hasRule: Bool {
        var bare = rule
        bare.personal = false
        bare.ifMatch = false
        bare.notNull = false
        bare.keepsPlus = false
        bare.example = nil
        return bare != FieldRule()
    }

    /// What a missing record that the field names is refused with: `PATIENT_NOT_FOUND` of `patient_id`.
    var notFoundCode: String {
        let kind = name.hasSuffix("_ids") ? name.dropLast(4) : name.hasSuffix("_id") ? name.dropLast(3) : name[...]
        return kind.uppercased() + "_NOT_FOUND"
    }
}
