import PlainText

extension ContractCatalog {
    /// JSON to a message's binary form. Throws `DynamicCodingError`, which names the field.
    public func encode(_ json: JSONValue, as messageName: String) throws -> [UInt8] {
        try DynamicEncoder(catalog: self).encode(json, as: messageName)
    }

    /// A message's binary form to JSON.
    public func decode(_ bytes: [UInt8], as messageName: String) throws -> JSONValue {
        try DynamicDecoder(catalog: self).decode(bytes[...], as: messageName)
    }
}
