/// Makes the names of what happens, by which one service tells and another listens: `AppointmentEvent.booked`.
struct EventsEmitter: Emitter {
    func files(for contract: Contract) throws -> [GeneratedFile] {
        try contract.files.compactMap { file in
            let types = try file.values.flatMap { message in try message.rule.eventTypes.map { try EventType($0, told: message) } }
            guard !types.isEmpty else { return nil }
            return .swift(file.stem + ".events.swift", of: file.protoPath, importing: []) { code in
                for subject in types.map(\.subject).uniqued { write(subject, types.filter { $0.subject == subject }, to: &code) }
            }
        }
    }

    private func write(_ subject: String, _ types: [EventType], to code: inout CodeWriter) {
        let messages = types.map(\.message).uniqued.map { "``\($0)``" }.joined(separator: " and ")
        code.line()
        code.line("/// What others are told of: the types of events that carry \(messages).")
        code.block("public enum \(SwiftName.upperCamel(subject))Event: String, CaseIterable, Sendable") { code in
            for type in types { code.line("case \(SwiftName.declared(SwiftName.lowerCamel(type.verb))) = \"\(subject).\(type.verb)\"") }
        }
    }
}

/// `appointment.no_show`, taken apart.
private struct EventType {
    let subject: String
    let verb: String
    let message: String

    init(_ name: String, told message: MessageModel) throws {
        let parts = name.split(separator: ".").map(String.init)
        guard parts.count == 2 else { throw GenerationError("\(message.fullName): the event \(name) is no `subject.what_happened`") }
        (subject, verb, self.message) = (parts[0], parts[1], message.swiftName)
    }
}

extension [String] {
    /// Each once, where it first stands.
    fileprivate var uniqued: [String] {
        var seen: Set<String> = []
        return filter { seen.insert($0).inserted }
    }
}
