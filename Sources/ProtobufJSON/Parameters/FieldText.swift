/// What can be read from the text of a path or query parameter.
public protocol TextReadable {
    /// Nil where the text holds no such value.
    init?(fieldText text: String)
    /// The rest of a sentence that begins with the field: `must be a whole number`.
    static var textExpectation: String { get }
}

/// The texts that a path or query gives for one field.
public struct FieldText {
    let field: String
    let texts: [String]

    public init(_ field: String, _ texts: [String]) {
        self.field = field
        self.texts = texts
    }

    public func read<Value: TextReadable>(_ value: inout Value) throws {
        value = try single()
    }

    public func read<Value: TextReadable>(_ value: inout Value?) throws {
        value = try single() as Value
    }

    /// A list takes one entry from each text.
    public func read<Value: TextReadable>(_ values: inout [Value]) throws {
        values += try texts.map(parse)
    }

    /// The value of a field that may be given once only.
    public func single<Value: TextReadable>() throws -> Value {
        guard texts.count == 1, let text = texts.first else { throw FieldTextError(field: field, message: "is given more than once") }
        return try parse(text)
    }

    /// Whether the texts are for a field inside the message that `name` holds: `patient.name` for `patient`.
    public func isInside(_ name: String) -> Bool {
        field.hasPrefix(name + ".")
    }

    /// Sets a field of the message that `name` holds.
    public func read<Value: JSONMessage>(_ name: String, _ message: inout Value?) throws {
        var inner = message ?? Value()
        do {
            try inner.set(String(field.dropFirst(name.count + 1)), text: texts)
        } catch let error as FieldTextError {
            throw FieldTextError(field: "\(name).\(error.field)", message: error.message)
        }
        message = inner
    }

    public func unknown() -> FieldTextError {
        FieldTextError(field: field, message: "is not known")
    }

    private func parse<Value: TextReadable>(_ text: String) throws -> Value {
        guard let value = Value(fieldText: text.withoutOuterSpace) else {
            throw FieldTextError(field: field, message: Value.textExpectation)
        }
        return value
    }
}

extension String: TextReadable {
    public init?(fieldText text: String) { self = text }
    public static var textExpectation: String { "must be text" }
}

extension Bool: TextReadable {
    public init?(fieldText text: String) {
        switch text {
        case "true": self = true
        case "false": self = false
        default: return nil
        }
    }

    public static var textExpectation: String { "must be true or false" }
}

extension FixedWidthInteger {
    /// Decimal, as JSON would write it.
    public init?(fieldText text: String) { self.init(decimalKey: text) }
    public static var textExpectation: String { "must be a whole number from \(Self.min) to \(Self.max)" }
}

extension Int32: TextReadable {}
extension Int64: TextReadable {}
extension UInt32: TextReadable {}
extension UInt64: TextReadable {}

extension BinaryFloatingPoint where Self: LosslessStringConvertible {
    public init?(fieldText text: String) {
        guard let number = Self(text), number.isFinite else { return nil }
        self = number
    }

    public static var textExpectation: String { "must be a number" }
}

extension Float: TextReadable {}
extension Double: TextReadable {}

extension [UInt8]: TextReadable {
    public init?(fieldText text: String) {
        let bytes = Array(text.utf8).withUnsafeBufferPointer { Base64.decode($0) }
        guard let bytes else { return nil }
        self = bytes
    }

    public static var textExpectation: String { "must be base64 text" }
}

extension ProtobufEnum {
    /// By name in any case, with or without the enum's prefix. The value that stands for "not said" can't be said.
    public init?(fieldText text: String) {
        guard let number = Self.names.number(named: text, allowingShort: true, ignoringCase: true), !Self.names.isUnset(number) else {
            return nil
        }
        self = Self(rawValue: number)
    }

    public static var textExpectation: String { names.expectation(.api) }
}

/// The times that a parameter may hold.
public enum TimeParameter {
    public static let timestampExpectation = "must be an RFC 3339 time with an offset, like 2026-01-31T09:30:00Z"
    public static let durationExpectation = "must be a number of seconds followed by s, like 1.5s"

    public static func timestamp(_ text: String) -> (seconds: Int64, nanos: Int32)? {
        Array(text.utf8).withUnsafeBufferPointer { TimeText.timestamp($0, ignoringCase: true) }
    }

    public static func duration(_ text: String) -> (seconds: Int64, nanos: Int32)? {
        Array(text.utf8).withUnsafeBufferPointer { TimeText.duration($0) }
    }
}
