import ProtobufC

/// A message whose JSON is not an object of its fields: google.protobuf.Timestamp, Struct, the wrappers and their like. Inside
/// an Any it stands under the key `value`.
public protocol SpeciallyMapped: JSONMessage {}

extension SpeciallyMapped {
    /// It has no fields of its own in JSON.
    public mutating func visitFields<Visitor: FieldVisitor & ~Copyable>(_ visitor: inout Visitor) throws(Visitor.Failure) {}
    public mutating func trimTexts() {}
}

extension JSONWriter {
    /// Writes a google.protobuf.Any: the fields of the message it holds, after `@type`.
    public mutating func appendAny(typeURL: String, value: [UInt8]) {
        guard !typeURL.isEmpty else {
            openObject()
            return closeObject()
        }
        let name = typeURL.typeName
        guard let type = options.types[name] else { return fail(.unknownType(name)) }
        guard let message = try? value.withUnsafeBytes({ try type.init(protobuf: $0) }) else { return fail(.malformedAny(name)) }
        openObject(typeURL: typeURL)
        if message is any SpeciallyMapped {
            append(",\"value\":")
            message.writeJSON(to: &self)
            closeObject()
        } else {
            continueObject { message.writeJSON(to: &$0) }
        }
    }

    private mutating func openObject(typeURL: String) {
        append("{\"@type\":")
        appendText(typeURL)
    }
}

extension JSONReader {
    /// Reads a google.protobuf.Any. Its `@type`, wherever it stands, says what the other keys mean.
    public mutating func readAny() throws -> (typeURL: String, value: [UInt8]) {
        guard peek() == UInt8(ascii: "{") else { throw mistake("must be an object") }
        let start = place
        let content = try scanAny()
        guard let typeURL = content.typeURL else {
            guard content.isEmpty else { throw mistake("must have a @type") }
            return ("", [])
        }
        guard typeURL.contains("/"), let type = options.types[typeURL.typeName] else { throw mistake("has a @type that is not known") }
        place = start
        var message = type.init()
        if type is any SpeciallyMapped.Type {
            try readValue(of: &message)
        } else {
            let outer = depthOfAny
            depthOfAny = depth + 1
            try message.readJSON(from: &self)
            depthOfAny = outer
        }
        return (typeURL, message.protobuf())
    }

    /// Looks through the whole object for its `@type`.
    private mutating func scanAny() throws -> (typeURL: String?, isEmpty: Bool) {
        var typeURL: String?
        var isFirst = true
        try openMap()
        while try nextElement(isFirst: isFirst, end: UInt8(ascii: "}")) {
            isFirst = false
            let key = try readMapKey(String.self)
            guard key == "@type" else {
                try skipValue()
                continue
            }
            guard typeURL == nil else { throw mistake("has a key twice") }
            typeURL = try readText()
        }
        return (typeURL, isFirst)
    }

    /// Reads `{"@type": …, "value": …}`.
    private mutating func readValue(of message: inout any JSONMessage) throws {
        var hasValue = false
        var isFirst = true
        try openMap()
        while try nextElement(isFirst: isFirst, end: UInt8(ascii: "}")) {
            isFirst = false
            let key = try readMapKey(String.self)
            switch key {
            case "@type": try skipValue()
            case "value" where !hasValue:
                hasValue = true
                try message.readJSON(from: &self)
            default:
                guard options.ignoresUnknown else { throw mistake("must hold @type and value only") }
                try skipValue()
            }
        }
        guard hasValue else { throw mistake("must have a value") }
    }
}

extension String {
    /// What follows the last slash: `type.googleapis.com/hms.patient.v1.Patient` → `hms.patient.v1.Patient`.
    fileprivate var typeName: String {
        lastIndex(of: "/").map { String(self[index(after: $0)...]) } ?? self
    }
}
