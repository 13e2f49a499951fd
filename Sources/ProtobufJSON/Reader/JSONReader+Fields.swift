/// How generated code reads fields. A `null` leaves a field absent, and one without presence at its default.
extension JSONReader {
    /// A field without presence.
    @inlinable public mutating func read<Value: JSONScalar>(_ value: inout Value) throws {
        if try readNull() {
            value = Value()
        } else {
            try value.readJSON(from: &self)
        }
    }

    /// A field with presence.
    @inlinable public mutating func read<Value: JSONCodable>(_ value: inout Value?) throws {
        value = try readNull() ? nil : readPresent()
    }

    /// A field with presence whose value may be `null`.
    @inlinable public mutating func read<Value: JSONNullReadable>(_ value: inout Value?) throws {
        value = try readPresent()
    }

    /// A member of a oneof. Nil where it is `null`; refused where another member has been `taken`.
    @inlinable public mutating func readMember<Value: JSONCodable>(_ type: Value.Type, taken: Bool) throws -> Value? {
        if try readNull() { return nil }
        guard !taken else { throw mistake("excludes another field that is given") }
        return try readPresent()
    }

    /// A member of a oneof whose value may be `null`.
    @inlinable public mutating func readMember<Value: JSONNullReadable>(_ type: Value.Type, taken: Bool) throws -> Value? {
        guard !taken else { throw mistake("excludes another field that is given") }
        return try readPresent()
    }

    @inlinable public mutating func read<Value: JSONCodable>(_ values: inout [Value]) throws {
        values.removeAll()
        if try !readNull() { try readElements(&values) }
    }

    @inlinable public mutating func read<Key: JSONMapKey, Value: JSONCodable>(_ values: inout [Key: Value]) throws {
        values.removeAll()
        if try !readNull() { try readEntries(&values) }
    }

    /// The elements of a list, which may not be `null` itself.
    @inlinable public mutating func readElements<Value: JSONCodable>(_ values: inout [Value]) throws {
        try openArray()
        var count = 0
        while try nextElement(isFirst: count == 0, end: UInt8(ascii: "]")) {
            mark(index: count)
            if let value: Value = try readPresent() { values.append(value) }
            count += 1
        }
        mark(index: nil)
    }

    /// The entries of a map, which may not be `null` itself.
    @inlinable public mutating func readEntries<Key: JSONMapKey, Value: JSONCodable>(_ values: inout [Key: Value]) throws {
        try openMap()
        var keys: Set<Key> = []
        while try nextElement(isFirst: keys.isEmpty, end: UInt8(ascii: "}")) {
            let key = try readMapKey(Key.self)
            guard keys.insert(key).inserted else { throw mistake("has a key twice") }
            if let value: Value = try readPresent() { values[key] = value }
        }
    }

    /// A value that may not be absent.
    @inlinable public mutating func readRequired<Value: JSONCodable>() throws -> Value {
        var value = Value()
        try value.readJSON(from: &self)
        return value
    }

    /// An enum's value, by name or number.
    public mutating func readNamed<Value: ProtobufEnum>() throws -> Value {
        Value(rawValue: try readEnum(Value.names) ?? 0)
    }

    /// Nil where the value's name is unknown and such are ignored.
    @inlinable mutating func readPresent<Value: JSONCodable>() throws -> Value? {
        var value = Value()
        try value.readJSON(from: &self)
        guard skippedValue else { return value }
        skippedValue = false
        return nil
    }
}
