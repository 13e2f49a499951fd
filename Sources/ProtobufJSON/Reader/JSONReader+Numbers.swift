extension JSONReader {
    /// Reads an integer, exactly, from a number or a text that holds one.
    @inlinable public mutating func readInteger<Integer: FixedWidthInteger>() throws -> Integer {
        guard let whole = try readWhole(), let integer = Integer(exactly: whole) else {
            throw mistake("must be a whole number from \(Integer.min) to \(Integer.max)")
        }
        return integer
    }

    /// Nil where the number is not whole or needs more than 64 bits.
    @usableFromInline mutating func readWhole() throws -> WholeNumber? {
        if let small = readSmallWhole() { return small }
        return try withNumber { $0.whole }
    }

    /// The usual case, up to 18 digits and nothing else, in one loop.
    private mutating func readSmallWhole() -> WholeNumber? {
        skipSpace()
        let isNegative = next == UInt8(ascii: "-")
        let start = isNegative ? place + 1 : place
        var end = start
        var magnitude: UInt64 = 0
        while end < bytes.count, end - start < 18, bytes[end].isDigit {
            magnitude = magnitude &* 10 &+ UInt64(bytes[end] &- UInt8(ascii: "0"))
            end += 1
        }
        guard end > start, end < bytes.count, bytes[start] != UInt8(ascii: "0") || end - start == 1 else { return nil }
        switch bytes[end] {
        case UInt8(ascii: ","), UInt8(ascii: "}"), UInt8(ascii: "]"), UInt8(ascii: " "), UInt8(ascii: "\n"), UInt8(ascii: "\r"): break
        default: return nil
        }
        place = end
        return WholeNumber(isNegative: isNegative, magnitude: magnitude)
    }

    public mutating func readDouble() throws -> Double {
        if let special: Double = try readSpecial() { return special }
        let number = try withNumber { Double(String(decoding: $0.text, as: UTF8.self)) }
        guard let number, number.isFinite else { throw mistake("must be a number that fits") }
        return number
    }

    public mutating func readFloat() throws -> Float {
        if let special: Float = try readSpecial() { return special }
        let number = try withNumber { Float(String(decoding: $0.text, as: UTF8.self)) }
        guard let number, number.isFinite else { throw mistake("must be a number that fits") }
        return number
    }

    /// The numbers that JSON can only name: `"NaN"`, `"Infinity"`, `"-Infinity"`.
    private mutating func readSpecial<Number: BinaryFloatingPoint>() throws -> Number? {
        guard peek() == UInt8(ascii: "\"") else { return nil }
        let start = place
        let special: Number? = try withText { text in
            if ("NaN" as StaticString).equals(text) { return .nan }
            if ("Infinity" as StaticString).equals(text) { return .infinity }
            if ("-Infinity" as StaticString).equals(text) { return -.infinity }
            return nil
        }
        if special == nil { place = start }
        return special
    }

    /// Hands `body` the next number, bare or in quotes.
    private mutating func withNumber<Result>(_ body: (JSONNumber) -> Result) throws -> Result {
        switch peek() {
        case UInt8(ascii: "\""):
            let result: Result? = try withText { text in
                guard text.count <= JSONNumber.longest, let number = JSONNumber(prefixOf: text), number.text.count == text.count else {
                    return nil
                }
                return body(number)
            }
            guard let result else { throw mistake("must be a number") }
            return result
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            guard let number = JSONNumber(prefixOf: UnsafeBufferPointer(rebasing: bytes[place...])) else { throw malformed() }
            guard number.text.count <= JSONNumber.longest else { throw mistake("has too many digits") }
            place += number.text.count
            return body(number)
        default:
            throw mistake("must be a number")
        }
    }

    /// Passes over a number.
    mutating func skipNumber() throws {
        try withNumber { _ in }
    }
}
