/// What kind of value JSON holds at a place.
public enum JSONKind: Sendable {
    case null, bool, number, text, object, array
}

extension JSONReader {
    /// The kind of the next value, without taking it.
    public mutating func peekKind() throws -> JSONKind {
        switch peek() {
        case UInt8(ascii: "n"): .null
        case UInt8(ascii: "t"), UInt8(ascii: "f"): .bool
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): .number
        case UInt8(ascii: "\""): .text
        case UInt8(ascii: "{"): .object
        case UInt8(ascii: "["): .array
        default: throw malformed()
        }
    }

    /// Passes over a value, checking its grammar.
    mutating func skipValue() throws {
        switch try peekKind() {
        case .null: try expect(word: "null")
        case .bool: _ = try readBool()
        case .number: try skipNumber()
        case .text: _ = try readText()
        case .object: try skipObject()
        case .array: try skipArray()
        }
    }

    private mutating func skipArray() throws {
        try openArray()
        var isFirst = true
        while try nextElement(isFirst: isFirst, end: UInt8(ascii: "]")) {
            isFirst = false
            try skipValue()
        }
    }

    private mutating func skipObject() throws {
        try openMap()
        var isFirst = true
        while try nextElement(isFirst: isFirst, end: UInt8(ascii: "}")) {
            isFirst = false
            _ = try readText()
            try expect(UInt8(ascii: ":"))
            try skipValue()
        }
    }
}
