/// Reads the field whose key is next, when it comes by. A `null` leaves a field absent, and one without presence at its default.
extension JSONReader: FieldVisitor {
    public typealias Failure = any Error

    @inlinable public mutating func visit<Value: JSONScalar>(_ key: JSONKey, _ value: inout Value) throws {
        guard try take(key) else { return }
        if try readNull() { value = Value() } else { try value.readJSON(from: &self) }
        try goToNextKey()
    }

    @inlinable public mutating func visit<Value: JSONScalar>(_ key: JSONKey, _ value: inout Value?) throws {
        if try take(key) { try read(&value) }
    }

    @inlinable public mutating func visit<Value: JSONMessage>(_ key: JSONKey, _ message: inout Value?) throws {
        if try take(key) { try read(&message) }
    }

    @inlinable public mutating func visit<Value: JSONScalar>(_ key: JSONKey, _ values: inout [Value]) throws {
        if try take(key) { try read(&values) }
    }

    @inlinable public mutating func visit<Value: JSONMessage>(_ key: JSONKey, _ messages: inout [Value]) throws {
        if try take(key) { try read(&messages) }
    }

    @inlinable public mutating func visit<Key: JSONMapKey, Value: JSONCodable>(_ key: JSONKey, _ entries: inout [Key: Value]) throws {
        guard try take(key) else { return }
        entries.removeAll()
        if try !readNull() { try readEntries(&entries) }
        try goToNextKey()
    }

    @inlinable public mutating func visit<Choice, Value: JSONScalar>(
        _ key: JSONKey, of choice: inout Choice?, _ make: (Value) -> Choice, _ value: (Choice) -> Value?
    ) throws {
        if try take(key) { try readMember(of: &choice, make) }
    }

    @inlinable public mutating func visit<Choice, Value: JSONMessage>(
        _ key: JSONKey, of choice: inout Choice?, _ make: (Value) -> Choice, _ value: (Choice) -> Value?
    ) throws {
        if try take(key) { try readMember(of: &choice, make) }
    }

    @inlinable mutating func read<Value: JSONCodable>(_ value: inout Value?) throws {
        value = try !Value.readsNull && readNull() ? nil : readPresent()
        try goToNextKey()
    }

    @inlinable mutating func read<Value: JSONCodable>(_ values: inout [Value]) throws {
        values.removeAll()
        if try !readNull() { try readElements(&values) }
        try goToNextKey()
    }

    /// A `null` chooses nothing; a value is refused where another member has been chosen.
    @inlinable mutating func readMember<Choice, Value: JSONCodable>(of choice: inout Choice?, _ make: (Value) -> Choice) throws {
        if try Value.readsNull || !readNull() {
            guard choice == nil else { throw mistake("excludes another field that is given") }
            if let value: Value = try readPresent() { choice = make(value) }
        }
        try goToNextKey()
    }
}
