extension JSONWriter {
    public mutating func appendInteger(_ value: Int64) {
        if value < 0 { append(UInt8(ascii: "-")) }
        appendDigits(value.magnitude)
    }

    public mutating func appendQuoted(_ value: Int64) {
        append(UInt8(ascii: "\""))
        appendInteger(value)
        append(UInt8(ascii: "\""))
    }

    public mutating func appendQuoted(_ value: UInt64) {
        append(UInt8(ascii: "\""))
        appendDigits(value)
        append(UInt8(ascii: "\""))
    }

    /// A 64-bit integer: a number in the public API, a string in the proto3 mapping.
    public mutating func appendLong(_ value: Int64) {
        if options.writesLongIntegersAsNumbers { appendInteger(value) } else { appendQuoted(value) }
    }

    public mutating func appendLong(_ value: UInt64) {
        if options.writesLongIntegersAsNumbers { appendDigits(value) } else { appendQuoted(value) }
    }

    /// The shortest digits that read back as the same number.
    public mutating func appendDouble(_ value: Double) {
        guard value.isFinite else { return appendNotFinite(isNaN: value.isNaN, isNegative: value < 0) }
        appendShortest(value.description)
    }

    /// The shortest digits that read back as the same number.
    public mutating func appendFloat(_ value: Float) {
        guard value.isFinite else { return appendNotFinite(isNaN: value.isNaN, isNegative: value < 0) }
        appendShortest(value.description)
    }

    private mutating func appendNotFinite(isNaN: Bool, isNegative: Bool) {
        append(isNaN ? "\"NaN\"" : isNegative ? "\"-Infinity\"" : "\"Infinity\"")
    }

    /// Swift ends whole numbers in `.0`, which says nothing in JSON.
    private mutating func appendShortest(_ digits: String) {
        var digits = digits
        digits.withUTF8 { text in
            let endsWhole = text.count > 2 && text[text.count - 2] == UInt8(ascii: ".") && text[text.count - 1] == UInt8(ascii: "0")
            append(UnsafeBufferPointer(rebasing: text.dropLast(endsWhole ? 2 : 0)))
        }
    }

    mutating func appendDigits(_ value: UInt64) {
        let length = value.decimalLength
        append(atMost: length) { place in
            place.write(value, digits: length)
            return length
        }
    }
}

extension UInt64 {
    /// How many decimal digits the number has.
    var decimalLength: Int {
        var length = 1
        var bound: UInt64 = 10
        while self >= bound {
            length += 1
            let (next, overflow) = bound.multipliedReportingOverflow(by: 10)
            if overflow { break }
            bound = next
        }
        return length
    }
}

extension UnsafeMutablePointer<UInt8> {
    /// Writes the last `digits` decimal digits, with leading zeros.
    func write(_ value: UInt64, digits: Int) {
        var rest = value
        for place in stride(from: digits - 1, through: 0, by: -1) {
            self[place] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        }
    }
}
