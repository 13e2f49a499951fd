/// Lists, maps, and values that must be there.
extension JSONReader {
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
