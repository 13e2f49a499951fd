/// The part of an id behind its prefix: 128 bits, 48 of them the time in milliseconds and 80 random, written as 26
/// lower-case characters of Crockford's base 32. Its order as text is its order as a number.
public struct SortablePart: Hashable, Sendable, CustomStringConvertible {
    public let value: UInt128

    public init(_ value: UInt128) {
        self.value = value
    }

    /// Reads what ``description`` writes; nil for anything else, capital letters too.
    public init?(_ text: some StringProtocol) {
        guard text.utf8.count == Self.length, let first = text.utf8.first, first <= UInt8(ascii: "7") else { return nil }
        var value: UInt128 = 0
        for byte in text.utf8 {
            let digit = Self.digits[Int(byte)]
            guard digit != Self.noDigit else { return nil }
            value = value << 5 | UInt128(digit)
        }
        self.value = value
    }

    /// Whether there is one of this UTF-8; the digits are looked at, and nothing is made of them.
    static func isValid(_ utf8: ArraySlice<UInt8>) -> Bool {
        utf8.count == length && utf8[utf8.startIndex] <= UInt8(ascii: "7") && utf8.allSatisfy { digits[Int($0)] != noDigit }
    }

    /// When the id was made, in milliseconds since 1970.
    public var milliseconds: Int64 {
        Int64(value >> 80)
    }

    public var description: String {
        String(unsafeUninitializedCapacity: Self.length) { buffer in
            var rest = value
            for position in stride(from: Self.length - 1, through: 0, by: -1) {
                buffer[position] = Self.alphabet[Int(truncatingIfNeeded: rest & 31)]
                rest >>= 5
            }
            return Self.length
        }
    }

    private static let length = 26
    private static let noDigit: UInt8 = 255
    private static let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz".utf8)

    private static let digits: [UInt8] = {
        var digits = [UInt8](repeating: noDigit, count: 256)
        for (digit, character) in alphabet.enumerated() { digits[Int(character)] = UInt8(digit) }
        return digits
    }()
}
