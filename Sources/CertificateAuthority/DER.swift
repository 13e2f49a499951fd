/// Writes the few kinds of values that a certificate is made of in ASN.1's distinguished encoding (X.690).
enum DER {
    enum Tag {
        static let boolean: UInt8 = 0x01
        static let integer: UInt8 = 0x02
        static let bitString: UInt8 = 0x03
        static let octetString: UInt8 = 0x04
        static let objectIdentifier: UInt8 = 0x06
        static let utf8String: UInt8 = 0x0C
        static let generalizedTime: UInt8 = 0x18
        static let utcTime: UInt8 = 0x17
        static let sequence: UInt8 = 0x30
        static let set: UInt8 = 0x31

        /// A value that is told from others by its place, with another value in it.
        static func wrapped(_ number: UInt8) -> UInt8 { 0xA0 | number }
        /// The same, in the place of the value's own tag.
        static func bare(_ number: UInt8) -> UInt8 { 0x80 | number }
    }

    static func value(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
        [tag] + length(content.count) + content
    }

    static func sequence(_ parts: [UInt8]...) -> [UInt8] {
        value(Tag.sequence, parts.flatMap(\.self))
    }

    /// The bytes of a number from zero up, the highest first.
    static func integer(_ magnitude: [UInt8]) -> [UInt8] {
        let digits = magnitude.drop { $0 == 0 }
        let sign: [UInt8] = (digits.first ?? 0x80) & 0x80 == 0 ? [] : [0]
        return value(Tag.integer, sign + digits)
    }

    /// Bits that fill whole bytes but for the last `unused`.
    static func bitString(_ bytes: [UInt8], unused: UInt8 = 0) -> [UInt8] {
        value(Tag.bitString, [unused] + bytes)
    }

    static func text(_ text: String) -> [UInt8] {
        value(Tag.utf8String, Array(text.utf8))
    }

    /// From its numbers: `2, 5, 4, 3`.
    static func objectIdentifier(_ first: UInt32, _ second: UInt32, _ others: UInt32...) -> [UInt8] {
        value(Tag.objectIdentifier, ([first * 40 + second] + others).flatMap(septets))
    }

    private static func septets(_ number: UInt32) -> [UInt8] {
        var bytes = [UInt8(number & 0x7F)]
        var rest = number >> 7
        while rest > 0 {
            bytes.insert(UInt8(rest & 0x7F) | 0x80, at: 0)
            rest >>= 7
        }
        return bytes
    }

    private static func length(_ count: Int) -> [UInt8] {
        guard count >= 0x80 else { return [UInt8(count)] }
        var bytes: [UInt8] = []
        var rest = count
        while rest > 0 {
            bytes.insert(UInt8(rest & 0xFF), at: 0)
            rest >>= 8
        }
        return [0x80 | UInt8(bytes.count)] + bytes
    }
}
