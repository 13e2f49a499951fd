/// A `numeric` in PostgreSQL's binary format: digits to the base of 10,000.
struct PostgresNumeric {
    private let digits: [Int64]
    /// The power of 10,000 of the first digit.
    private let weight: Int
    private let isNegative: Bool

    /// Nil where it is none, or not a number.
    init?(_ bytes: UnsafeRawBufferPointer) {
        let words = stride(from: 0, to: bytes.count - 1, by: 2).map { UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1]) }
        guard words.count >= 4, words.count == 4 + Int(words[0]), words[2] == 0 || words[2] == 0x4000 else { return nil }
        digits = words.dropFirst(4).map(Int64.init)
        weight = Int(Int16(bitPattern: words[1]))
        isNegative = words[2] == 0x4000
    }

    /// Nil where it has a fraction or is too large.
    var integer: Int64? {
        guard digits.dropFirst(weight + 1).allSatisfy({ $0 == 0 }) else { return nil }
        var value: Int64 = 0
        for place in 0..<max(0, weight + 1) {
            let (shifted, isTooLarge) = value.multipliedReportingOverflow(by: 10_000)
            // Downwards, because the least number has no counterpart above.
            let (next, isBelow) = shifted.subtractingReportingOverflow(place < digits.count ? digits[place] : 0)
            if isTooLarge || isBelow { return nil }
            value = next
        }
        return isNegative ? value : (value == .min ? nil : -value)
    }

    var real: Double {
        let magnitude = digits.enumerated().reduce(0.0) { sum, digit in
            var factor = 1.0
            for _ in 0..<abs(weight - digit.offset) { factor *= 10_000 }
            return sum + (weight >= digit.offset ? Double(digit.element) * factor : Double(digit.element) / factor)
        }
        return isNegative ? -magnitude : magnitude
    }
}
