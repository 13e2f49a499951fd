/// Sets one field from the texts that a path or query gives for it, when that comes by.
struct FieldText: FieldVisitor {
    typealias Failure = FieldTextError

    private let name: String
    private let texts: [String]
    /// Whether the field has come by.
    private(set) var isRead = false

    init(_ name: String, _ texts: [String]) {
        self.name = name
        self.texts = texts
    }

    mutating func visit<Value: JSONScalar>(_ key: JSONKey, _ value: inout Value) throws(FieldTextError) {
        if take(key) { value = try single() }
    }

    mutating func visit<Value: JSONScalar>(_ key: JSONKey, _ value: inout Value?) throws(FieldTextError) {
        if take(key) { value = try single() as Value }
    }

    /// A message that has a text, or a field of the message that the key names: `patient.name`.
    mutating func visit<Value: JSONMessage>(_ key: JSONKey, _ message: inout Value?) throws(FieldTextError) {
        if let type = Value.self as? any TextReadable.Type {
            if take(key) { message = try single(type) as? Value }
        } else if let inner = nameInside(key), !(Value.self is any SpeciallyMapped.Type) {
            isRead = true
            var changed = message ?? Value()
            try set(inner, in: key, of: &changed)
            message = changed
        }
    }

    /// A list takes one entry from each text.
    mutating func visit<Value: JSONScalar>(_ key: JSONKey, _ values: inout [Value]) throws(FieldTextError) {
        guard take(key) else { return }
        for text in texts { values.append(try parse(text, Value.self)) }
    }

    mutating func visit<Value: JSONMessage>(_ key: JSONKey, _ messages: inout [Value]) throws(FieldTextError) {
        guard let type = Value.self as? any TextReadable.Type, take(key) else { return }
        for text in texts { (try parse(text, type) as? Value).map { messages.append($0) } }
    }

    /// No text holds a map.
    mutating func visit<Key: JSONMapKey, Value: JSONCodable>(_ key: JSONKey, _ entries: inout [Key: Value]) {}

    mutating func visit<Choice, Value: JSONScalar>(
        _ key: JSONKey, of choice: inout Choice?, _ make: (Value) -> Choice, _ value: (Choice) -> Value?
    ) throws(FieldTextError) {
        if take(key) { choice = make(try single()) }
    }

    mutating func visit<Choice, Value: JSONMessage>(
        _ key: JSONKey, of choice: inout Choice?, _ make: (Value) -> Choice, _ value: (Choice) -> Value?
    ) throws(FieldTextError) {
        guard let type = Value.self as? any TextReadable.Type, take(key), let message = try single(type) as? Value else { return }
        choice = make(message)
    }

    // MARK: One field

    private mutating func take(_ key: JSONKey) -> Bool {
        guard name.equals(key.name, ignoringCase: false) else { return false }
        isRead = true
        return true
    }

    private func nameInside(_ key: JSONKey) -> String? {
        let prefix = "\(key.name)."
        return name.hasPrefix(prefix) ? String(name.dropFirst(prefix.count)) : nil
    }

    private func set(_ inner: String, in key: JSONKey, of message: inout some JSONMessage) throws(FieldTextError) {
        do {
            try message.set(inner, text: texts)
        } catch {
            throw FieldTextError(field: "\(key.name).\(error.field)", message: error.message)
        }
    }

    /// The value of a field that may be given once only.
    private func single<Value: TextReadable>(_ type: Value.Type = Value.self) throws(FieldTextError) -> Value {
        guard texts.count == 1, let text = texts.first else { throw FieldTextError(field: name, message: "is given more than once") }
        return try parse(text, type)
    }

    private func parse<Value: TextReadable>(_ text: String, _ type: Value.Type) throws(FieldTextError) -> Value {
        guard let value = Value(fieldText: text.withoutOuterSpace) else {
            throw FieldTextError(field: name, message: Value.textExpectation)
        }
        return value
    }
}
