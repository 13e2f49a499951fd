/// How generated code writes fields. In the public API's mode every field is written, absent ones as `null`.
extension JSONWriter {
    /// A field without presence: its default value is absence.
    @inlinable public mutating func write<Value: JSONScalar>(_ name: JSONKey, _ value: Value) {
        guard options.writesDefaults || !value.isDefault else { return }
        if key(name) { value.writeJSON(to: &self) }
    }

    /// A field with presence.
    @inlinable public mutating func write<Value: JSONCodable>(_ name: JSONKey, _ value: Value?) {
        if let value {
            writePresent(name, value)
        } else if options.writesDefaults, key(name) {
            append("null")
        }
    }

    /// A field that is there, whatever its value: the chosen member of a oneof.
    @inlinable public mutating func writePresent<Value: JSONCodable>(_ name: JSONKey, _ value: Value) {
        if key(name) { value.writeJSON(to: &self) }
    }

    @inlinable public mutating func write<Value: JSONCodable>(_ name: JSONKey, _ values: [Value]) {
        guard options.writesDefaults || !values.isEmpty else { return }
        if key(name) { write(values) }
    }

    @inlinable public mutating func write<Key: JSONMapKey, Value: JSONCodable>(_ name: JSONKey, _ values: [Key: Value]) {
        guard options.writesDefaults || !values.isEmpty else { return }
        if key(name) { write(values) }
    }

    @inlinable public mutating func write<Value: JSONCodable>(_ values: [Value]) {
        openArray()
        for value in values {
            separate()
            value.writeJSON(to: &self)
        }
        closeArray()
    }

    /// Writes a map by ascending key, so that equal maps are equal documents.
    @inlinable public mutating func write<Key: JSONMapKey, Value: JSONCodable>(_ values: [Key: Value]) {
        openObject()
        for (key, value) in values.sorted(by: { Key.precedes($0.key, $1.key) }) {
            separate()
            key.writeKey(to: &self)
            append(UInt8(ascii: ":"))
            value.writeJSON(to: &self)
        }
        closeObject()
    }
}
