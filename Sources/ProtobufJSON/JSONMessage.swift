public import ProtobufC

/// A message that has a JSON form, and whose fields can be given as the texts of a path or query.
public protocol JSONMessage: Message, JSONCodable, CustomStringConvertible {
    /// Shows every field to the visitor, in the order of the contract.
    mutating func visitFields<Visitor: FieldVisitor & ~Copyable>(_ visitor: inout Visitor) throws(Visitor.Failure)
}

extension JSONMessage {
    @inlinable public func writeJSON(to json: inout JSONWriter) {
        json.openObject()
        var copy = self
        copy.visitFields(&json)
        json.closeObject()
    }

    @inlinable public mutating func readJSON(from json: inout JSONReader) throws {
        let outer = try json.openObject()
        while try json.beginPass() { try visitFields(&json) }
        json.closeObject(outer)
    }

    /// Takes the white space off both ends of every text.
    @inlinable public mutating func trimTexts() {
        var trimmer = TextTrimmer()
        visitFields(&trimmer)
    }

    /// Sets a field from the texts that a path or query gives for it.
    public mutating func set(_ name: String, text: [String]) throws(FieldTextError) {
        var parameter = FieldText(name, text)
        try visitFields(&parameter)
        guard parameter.isRead else { throw FieldTextError(field: name, message: "is not known") }
    }
}

extension JSONMessage {
    /// Reads a JSON document. A ``JSONDecodingError`` says which field is wrong.
    public init(json: UnsafeRawBufferPointer, options: JSONOptions = .api) throws {
        self.init()
        var reader = JSONReader(json, options: options)
        try readJSON(from: &reader)
        try reader.finish()
    }

    public init(json: [UInt8], options: JSONOptions = .api) throws {
        self = try json.withUnsafeBytes { try Self(json: $0, options: options) }
    }

    public init(json: String, options: JSONOptions = .api) throws {
        try self.init(json: Array(json.utf8), options: options)
    }

    /// The message as a JSON document. A ``JSONEncodingError`` says what has no JSON form.
    public func json(options: JSONOptions = .api) throws -> [UInt8] {
        try withJSON(options: options) { [UInt8]($0) }
    }

    /// Hands the JSON document to `body`, without a copy. The bytes are valid inside it only.
    public func withJSON<Result>(options: JSONOptions = .api, _ body: (UnsafeRawBufferPointer) throws -> Result) throws -> Result {
        var writer = JSONWriter(options: options)
        writeJSON(to: &writer)
        if let failure = writer.failure { throw failure }
        return try writer.withBytes(body)
    }

    /// The message as JSON with `•••` in place of what is personal, so that logging one gives nobody away.
    public var description: String {
        var writer = JSONWriter(options: .masked)
        writeJSON(to: &writer)
        return writer.withBytes { String(decoding: $0, as: UTF8.self) }
    }
}
