/// Reads the digits and separators of dates and times, from left to right.
struct DigitReader {
    private var rest: Substring.UTF8View

    init(_ text: String) {
        rest = text[...].utf8
    }

    var isAtEnd: Bool { rest.isEmpty }

    /// Exactly this many ASCII digits.
    mutating func number(of digits: Int) -> Int? {
        guard rest.count >= digits else { return nil }
        var value = 0
        for byte in rest.prefix(digits) {
            guard let digit = byte.digit else { return nil }
            value = value * 10 + digit
        }
        rest.removeFirst(digits)
        return value
    }

    /// The digits of a fraction, as milliseconds; those after the third are cut off.
    mutating func milliseconds() -> Int? {
        var value = 0
        var scale = 100
        var count = 0
        while let digit = rest.first?.digit {
            value += digit * scale
            scale /= 10
            count += 1
            rest.removeFirst()
        }
        return count > 0 ? value : nil
    }

    /// Steps over this character, in either case; false where another one stands here.
    mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard let byte = rest.first, byte | 0x20 == UInt8(ascii: character) | 0x20, byte.isLetter == UInt8(ascii: character).isLetter
        else { return false }
        rest.removeFirst()
        return true
    }
}

extension UInt8 {
    fileprivate var digit: Int? {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) ? Int(self - UInt8(ascii: "0")) : nil
    }

    fileprivate var isLetter: Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self | 0x20)
    }
}

extension Int {
    func padded(to width: Int) -> String {
        let digits = String(self)
        return String(repeating: "0", count: Swift.max(0, width - digits.count)) + digits
    }
}
