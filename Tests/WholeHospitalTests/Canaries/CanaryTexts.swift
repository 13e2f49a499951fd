import ProtobufC

@testable import ProtobufJSON

/// What is said of people who exist nowhere else: found anywhere, it has come from a field that the contract marks as personal.
enum CanaryTexts {
    static let name = "Zuleikabird Featherstonehaugh"
    static let email = "zuleikabird@canary.example"
    static let phone = "+91 98451 73429"
    static let dob = "1931-07-19"
    static let medication = "Canarixaban"
    static let substance = "Canarycillin"
    /// Whatever else a person has written.
    static let words = "Canaryword"

    /// A part of each of them.
    static let said = ["zuleika", "featherstone", "canar", "98451 73429", "1931-07-19"]
    /// What must be found nowhere, in any spelling in which it could be there.
    static let wanted = said + ["9845173429", "98451-73429", "19.07.1931", "19/07/1931"]

    /// Which of them stand in a text.
    static func found(in text: String) -> [String] {
        let text = text.lowercased()
        return wanted.filter { text.contains($0) }
    }

    static func text(for field: String) -> String {
        switch field {
        case "name", "query": name
        case "email": email
        case "phone": phone
        case "dob": dob
        case "medication": medication
        case "allergy", "allergies": substance
        default: words
        }
    }
}

extension JSONMessage {
    /// The same with a canary's text in every field that the contract marks as personal.
    var ofCanary: Self {
        var (copy, filler) = (self, CanaryFiller())
        copy.visitFields(&filler)
        return copy
    }
}

/// Sets what is personal, in the message and in those within it.
private struct CanaryFiller: FieldVisitor {
    typealias Failure = Never

    private func text<Value>(for key: JSONKey, _: Value.Type) -> Value? {
        key.isPersonal ? CanaryTexts.text(for: "\(key.name)") as? Value : nil
    }

    mutating func visit<Value: JSONScalar>(_ key: JSONKey, _ value: inout Value) {
        if let text = text(for: key, Value.self) { value = text }
    }

    mutating func visit<Value: JSONScalar>(_ key: JSONKey, _ value: inout Value?) {
        if let text = text(for: key, Value.self) { value = text }
    }

    mutating func visit<Value: JSONMessage>(_ key: JSONKey, _ message: inout Value?) {
        message?.visitFields(&self)
    }

    mutating func visit<Value: JSONScalar>(_ key: JSONKey, _ values: inout [Value]) {
        if let text = text(for: key, Value.self) { values = [text] }
    }

    mutating func visit<Value: JSONMessage>(_ key: JSONKey, _ messages: inout [Value]) {
        for place in messages.indices { messages[place].visitFields(&self) }
    }

    mutating func visit<Key: JSONMapKey, Value: JSONCodable>(_ key: JSONKey, _ entries: inout [Key: Value]) {}

    mutating func visit<Choice, Value: JSONScalar>(
        _ key: JSONKey, of choice: inout Choice?, _ make: (Value) -> Choice, _ value: (Choice) -> Value?
    ) {
        guard choice.flatMap(value) != nil, let text = text(for: key, Value.self) else { return }
        choice = make(text)
    }

    mutating func visit<Choice, Value: JSONMessage>(
        _ key: JSONKey, of choice: inout Choice?, _ make: (Value) -> Choice, _ value: (Choice) -> Value?
    ) {
        guard var message = choice.flatMap(value) else { return }
        message.visitFields(&self)
        choice = make(message)
    }
}
