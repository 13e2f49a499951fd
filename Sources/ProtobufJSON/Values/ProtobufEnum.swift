/// An enum of a contract. It is open: a number that the contract does not name is kept.
public protocol ProtobufEnum: JSONScalar, Hashable, Sendable {
    init(rawValue: Int32)
    var rawValue: Int32 { get }
    /// What the values are called.
    static var names: EnumNames { get }
}

/// The names of an enum's values.
public struct EnumNames: Sendable {
    public struct Entry: Sendable {
        public let number: Int32
        /// Without the prefix that the enum's name gives: `ACTIVE`.
        public let short: StaticString
        /// As the contract writes it: `PATIENT_STATUS_ACTIVE`.
        public let full: StaticString

        public init(_ number: Int32, _ short: StaticString, _ full: StaticString) {
            self.number = number
            self.short = short
            self.full = full
        }
    }

    public let entries: [Entry]

    public init(_ entries: [Entry]) {
        self.entries = entries
    }

    /// Most enums count from 0 without a gap, so the number is tried as the place first. An alias's first name is its name.
    public func entry(of number: Int32) -> Entry? {
        if let place = Int(exactly: number), entries.indices.contains(place), entries[place].number == number,
            place == 0 || entries[place - 1].number != number
        {
            return entries[place]
        }
        return entries.first { $0.number == number }
    }

    /// Whether the number is 0 and its name says that nothing was said: `…_UNSPECIFIED`.
    func isUnset(_ number: Int32) -> Bool {
        number == 0 && entry(of: 0).map { "\($0.short)" == "UNSPECIFIED" } ?? false
    }

    /// The number that a text names, by its full name or, where allowed, the short one.
    func number(named text: String, allowingShort: Bool, ignoringCase: Bool = false) -> Int32? {
        entries.first { entry in
            text.equals(entry.full, ignoringCase: ignoringCase)
                || (allowingShort && text.equals(entry.short, ignoringCase: ignoringCase))
        }?.number
    }
}

extension ProtobufEnum {
    public init() { self.init(rawValue: 0) }

    public var isDefault: Bool { rawValue == 0 }

    /// Whether the contract names the value.
    public var isKnown: Bool { Self.names.entry(of: rawValue) != nil }

    public func writeJSON(to json: inout JSONWriter) {
        json.appendEnum(rawValue, Self.names)
    }

    public mutating func readJSON(from json: inout JSONReader) throws {
        guard let number = try json.readEnum(Self.names) else { return }
        self = Self(rawValue: number)
    }
}

extension String {
    package func equals(_ name: StaticString, ignoringCase: Bool) -> Bool {
        guard utf8.count == name.utf8CodeUnitCount else { return false }
        let bytes = UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount)
        guard ignoringCase else { return utf8.elementsEqual(bytes) }
        return zip(utf8, bytes).allSatisfy { $0.asciiLowercased == $1.asciiLowercased }
    }
}

extension UInt8 {
    package var asciiLowercased: UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(self) ? self | 0x20 : self
    }
}
