/// Writes each field. In the public API's mode all are written, absent ones as `null`, but not the members of a oneof.
extension JSONWriter: FieldVisitor {
    public typealias Failure = Never

    /// Without presence a field's default value is absence.
    @inlinable public mutating func visit<Value: JSONScalar>(_ name: JSONKey, _ value: inout Value) {
        guard options.writesDefaults || !value.isDefault else { return }
        if key(name) { value.writeJSON(to: &self) }
    }

    @inlinable public mutating func visit<Value: JSONScalar>(_ name: JSONKey, _ value: inout Value?) {
        write(name, value)
    }

    @inlinable public mutating func visit<Value: JSONMessage>(_ name: JSONKey, _ message: inout Value?) {
        write(name, message)
    }

    @inlinable public mutating func visit<Value: JSONScalar>(_ name: JSONKey, _ values: inout [Value]) {
        write(name, values)
    }

    @inlinable public mutating func visit<Value: JSONMessage>(_ name: JSONKey, _ messages: inout [Value]) {
        write(name, messages)
    }

    @inlinable public mutating func visit<Key: JSONMapKey, Value: JSONCodable>(_ name: JSONKey, _ entries: inout [Key: Value]) {
        guard options.writesDefaults || !entries.isEmpty else { return }
        if key(name) { write(entries) }
    }

    @inlinable public mutating func visit<Choice, Value: JSONScalar>(
        _ name: JSONKey, of choice: inout Choice?, _ make: (Value) -> Choice, _ value: (Choice) -> Value?
    ) {
        if let value = choice.flatMap(value), key(name) { value.writeJSON(to: &self) }
    }

    @inlinable public mutating func visit<Choice, Value: JSONMessage>(
        _ name: JSONKey, of choice: inout Choice?, _ make: (Value) -> Choice, _ value: (Choice) -> Value?
    ) {
        if let message = choice.flatMap(value), key(name) { message.writeJSON(to: &self) }
    }

    @inlinable mutating func write<Value: JSONCodable>(_ name: JSONKey, _ value: Value?) {
        if let value {
            if key(name) { value.writeJSON(to: &self) }
        } else if options.writesDefaults, key(name) {
            append("null")
        }
    }

    @inlinable mutating func write<Value: JSONCodable>(_ name: JSONKey, _ values: [Value]) {
        guard options.writesDefaults || !values.isEmpty else { return }
        if key(name) { write(values) }
    }
}
