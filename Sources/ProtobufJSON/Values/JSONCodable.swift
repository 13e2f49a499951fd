/// What JSON can be written from and read into: messages, enums and the scalar types of protobuf.
public protocol JSONCodable {
    /// The default value of the type.
    init()
    /// Writes the value at the writer's position.
    func writeJSON(to json: inout JSONWriter)
    /// Reads the value at the reader's position.
    mutating func readJSON(from json: inout JSONReader) throws
    /// Whether `null` is a value, not absence.
    static var readsNull: Bool { get }
    /// Takes the white space off both ends of every text in it.
    mutating func trimTexts()
}

extension JSONCodable {
    @inlinable public static var readsNull: Bool { false }
    @inlinable public mutating func trimTexts() {}
}

/// A value that is no message. In a field without presence it counts as absent at its default value.
public protocol JSONScalar: JSONCodable, TextReadable {
    var isDefault: Bool { get }
}

/// What the keys of a map may be; JSON writes each as a string.
public protocol JSONMapKey: Hashable {
    static func precedes(_ left: Self, _ right: Self) -> Bool
    func writeKey(to json: inout JSONWriter)
    /// Nil where the text is no key of this type.
    init?(jsonKey text: String)
}

extension JSONMapKey where Self: Comparable {
    @inlinable public static func precedes(_ left: Self, _ right: Self) -> Bool { left < right }
}

extension String: JSONScalar, JSONMapKey {
    @inlinable public var isDefault: Bool { isEmpty }
    @inlinable public func writeJSON(to json: inout JSONWriter) { json.appendText(self) }
    @inlinable public mutating func readJSON(from json: inout JSONReader) throws { self = try json.readText() }
    @inlinable public mutating func trimTexts() { trimOuterSpace() }
    @inlinable public func writeKey(to json: inout JSONWriter) { json.appendText(self) }
    @inlinable public init?(jsonKey text: String) { self = text }
}

extension Bool: JSONScalar, JSONMapKey {
    @inlinable public var isDefault: Bool { !self }
    @inlinable public func writeJSON(to json: inout JSONWriter) { json.append(self ? "true" : "false") }
    @inlinable public mutating func readJSON(from json: inout JSONReader) throws { self = try json.readBool() }
    @inlinable public static func precedes(_ left: Bool, _ right: Bool) -> Bool { !left && right }
    @inlinable public func writeKey(to json: inout JSONWriter) { json.append(self ? "\"true\"" : "\"false\"") }

    public init?(jsonKey text: String) {
        switch text {
        case "true": self = true
        case "false": self = false
        default: return nil
        }
    }
}

extension Int32: JSONScalar, JSONMapKey {
    @inlinable public var isDefault: Bool { self == 0 }
    @inlinable public func writeJSON(to json: inout JSONWriter) { json.appendInteger(Int64(self)) }
    @inlinable public mutating func readJSON(from json: inout JSONReader) throws { self = try json.readInteger() }
    @inlinable public func writeKey(to json: inout JSONWriter) { json.appendQuoted(Int64(self)) }
    @inlinable public init?(jsonKey text: String) { self.init(decimalKey: text) }
}

extension UInt32: JSONScalar, JSONMapKey {
    @inlinable public var isDefault: Bool { self == 0 }
    @inlinable public func writeJSON(to json: inout JSONWriter) { json.appendInteger(Int64(self)) }
    @inlinable public mutating func readJSON(from json: inout JSONReader) throws { self = try json.readInteger() }
    @inlinable public func writeKey(to json: inout JSONWriter) { json.appendQuoted(Int64(self)) }
    @inlinable public init?(jsonKey text: String) { self.init(decimalKey: text) }
}

extension Int64: JSONScalar, JSONMapKey {
    @inlinable public var isDefault: Bool { self == 0 }
    @inlinable public func writeJSON(to json: inout JSONWriter) { json.appendLong(self) }
    @inlinable public mutating func readJSON(from json: inout JSONReader) throws { self = try json.readInteger() }
    @inlinable public func writeKey(to json: inout JSONWriter) { json.appendQuoted(self) }
    @inlinable public init?(jsonKey text: String) { self.init(decimalKey: text) }
}

extension UInt64: JSONScalar, JSONMapKey {
    @inlinable public var isDefault: Bool { self == 0 }
    @inlinable public func writeJSON(to json: inout JSONWriter) { json.appendLong(self) }
    @inlinable public mutating func readJSON(from json: inout JSONReader) throws { self = try json.readInteger() }
    @inlinable public func writeKey(to json: inout JSONWriter) { json.appendQuoted(self) }
    @inlinable public init?(jsonKey text: String) { self.init(decimalKey: text) }
}

extension Float: JSONScalar {
    /// Minus zero is a value of its own.
    @inlinable public var isDefault: Bool { bitPattern == 0 }
    @inlinable public func writeJSON(to json: inout JSONWriter) { json.appendFloat(self) }
    @inlinable public mutating func readJSON(from json: inout JSONReader) throws { self = try json.readFloat() }
}

extension Double: JSONScalar {
    /// Minus zero is a value of its own.
    @inlinable public var isDefault: Bool { bitPattern == 0 }
    @inlinable public func writeJSON(to json: inout JSONWriter) { json.appendDouble(self) }
    @inlinable public mutating func readJSON(from json: inout JSONReader) throws { self = try json.readDouble() }
}

extension [UInt8]: JSONCodable, JSONScalar {
    @inlinable public var isDefault: Bool { isEmpty }
    @inlinable public func writeJSON(to json: inout JSONWriter) { json.appendBase64(self) }
    @inlinable public mutating func readJSON(from json: inout JSONReader) throws { self = try json.readBase64() }
}

extension FixedWidthInteger {
    /// An integer in the only way that JSON would write it: no plus sign, no leading zeros.
    @usableFromInline init?(decimalKey text: String) {
        let digits = text.utf8.first == UInt8(ascii: "-") ? text.utf8.dropFirst() : text.utf8[...]
        guard let first = digits.first, first != UInt8(ascii: "0") || digits.count == 1 else { return nil }
        guard digits.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }) else { return nil }
        self.init(text)
    }
}
