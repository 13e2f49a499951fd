import Vocabulary

extension [UInt8] {
    mutating func appendQuoted(_ text: (inout [UInt8]) -> Void) {
        append(UInt8(ascii: "\""))
        text(&self)
        append(UInt8(ascii: "\""))
    }

    /// The text inside a JSON string (RFC 8259 §7). Line separators are escaped too, so that a line stays one line in
    /// every tool. A text that is too long is cut between two characters and ends in an ellipsis.
    mutating func appendEscaped(_ text: String, longest: Int) {
        if appendPlain(text, longest: longest) { return }
        var written = 0
        for scalar in text.unicodeScalars {
            written += UTF8.width(scalar)
            guard written <= longest else {
                append(contentsOf: "…".utf8)
                return
            }
            appendEscaped(scalar)
        }
    }

    /// Most texts hold nothing to escape: they are copied in one piece. False, and nothing is done, where one is not like that.
    private mutating func appendPlain(_ text: String, longest: Int) -> Bool {
        var text = text
        return text.withUTF8 { utf8 in
            guard utf8.count <= longest, utf8.allSatisfy({ 0x20..<0x7F ~= $0 && $0 != 0x22 && $0 != 0x5C }) else { return false }
            append(contentsOf: utf8)
            return true
        }
    }

    private mutating func appendEscaped(_ scalar: Unicode.Scalar) {
        switch scalar {
        case "\"", "\\": append(contentsOf: [UInt8(ascii: "\\"), UInt8(ascii: scalar)])
        case "\n": append(contentsOf: [UInt8(ascii: "\\"), UInt8(ascii: "n")])
        case "\t": append(contentsOf: [UInt8(ascii: "\\"), UInt8(ascii: "t")])
        case "\u{0}"..."\u{1F}", "\u{7F}"..."\u{9F}", "\u{2028}", "\u{2029}":
            let digits = String(scalar.value, radix: 16)
            append(contentsOf: "\\u\(String(repeating: "0", count: 4 - digits.count))\(digits)".utf8)
        default: append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
        }
    }
}

extension [UInt8] {
    /// `1994-11-06T08:49:37.123Z`, always with milliseconds. The clock of a machine shows no time before 1970.
    mutating func appendRFC3339(millisecondsSinceEpoch time: Int64) {
        let (day, millisecond) = Swift.max(0, time).quotientAndRemainder(dividingBy: 86_400_000)
        let date = LocalDate(daysSinceEpoch: day)
        let second = Int(millisecond / 1_000)
        appendDigits(date.year, count: 4)
        append(UInt8(ascii: "-"))
        appendDigits(date.month, count: 2)
        append(UInt8(ascii: "-"))
        appendDigits(date.day, count: 2)
        append(UInt8(ascii: "T"))
        appendDigits(second / 3_600, count: 2)
        append(UInt8(ascii: ":"))
        appendDigits(second / 60 % 60, count: 2)
        append(UInt8(ascii: ":"))
        appendDigits(second % 60, count: 2)
        append(UInt8(ascii: "."))
        appendDigits(Int(millisecond % 1_000), count: 3)
        append(UInt8(ascii: "Z"))
    }

    /// A number in as many digits as it has.
    mutating func appendDigits(of number: Int) {
        guard 0..<10 ~= number else { return append(contentsOf: String(number).utf8) }
        append(UInt8(ascii: "0") + UInt8(number))
    }

    /// The last `count` digits of a number that is not negative.
    mutating func appendDigits(_ number: Int, count: Int) {
        append(contentsOf: repeatElement(UInt8(ascii: "0"), count: count))
        var rest = number
        for place in (self.count - count..<self.count).reversed() {
            self[place] += UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        }
    }
}
