/// What can be read from the text of a path or query parameter.
public protocol TextReadable {
    /// Nil where the text holds no such value.
    init?(fieldText text: String)
    /// The rest of a sentence that begins with the field: `must be a whole number`.
    static var textExpectation: String { get }
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
        let bytes = Base64.decode(Array(text.utf8))
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
