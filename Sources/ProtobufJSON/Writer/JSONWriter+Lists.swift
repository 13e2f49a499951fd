/// Lists and maps.
extension JSONWriter {
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
