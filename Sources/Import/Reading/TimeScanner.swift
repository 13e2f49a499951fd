import Vocabulary

/// Reads the digits, names and separators of dates and times from left to right.
struct TimeScanner {
    private let bytes: [UInt8]
    private(set) var position = 0

    /// Spaces of every width are spaces: newer systems put a narrow one before AM and PM.
    init(_ text: String) {
        let isPlain = text.utf8.allSatisfy { $0 < 0x80 }
        bytes = isPlain ? Array(text.utf8) : Array(String(String.UnicodeScalarView(text.unicodeScalars.map(Self.plain))).utf8)
    }

    var isAtEnd: Bool { position == bytes.count }
    var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    /// How many digits stand here.
    var digitCount: Int { bytes[position...].prefix(while: \.isDigit).count }

    /// As many digits as stand here, where that is one of the counts.
    mutating func number(digits: ClosedRange<Int>) -> Int? {
        let count = min(digitCount, digits.upperBound)
        guard digits.contains(count) else { return nil }
        defer { position += count }
        return bytes[position..<position + count].reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
    }

    /// Steps over an ASCII character in any case.
    mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard let next, next.lowercased == UInt8(ascii: character).lowercased else { return false }
        position += 1
        return true
    }

    /// Steps over exactly these bytes, letters in any case.
    mutating func skip(_ literal: [UInt8]) -> Bool {
        guard bytes[position...].prefix(literal.count).elementsEqual(literal, by: { $0.lowercased == $1.lowercased }) else { return false }
        position += literal.count
        return true
    }

    @discardableResult
    mutating func skipSpaces() -> Bool {
        let before = position
        while next == UInt8(ascii: " ") || next == UInt8(ascii: "\t") { position += 1 }
        return position > before
    }

    /// The letters that stand here, in lower case.
    mutating func word() -> String {
        let letters = bytes[position...].prefix(while: \.isLetter)
        position += letters.count
        return String(decoding: letters.map(\.lowercased), as: UTF8.self)
    }

    private static func plain(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        scalar.properties.isWhitespace ? " " : scalar
    }
}

/// What stands behind a date.
extension TimeScanner {
    /// January is 1, by its English name, short or whole.
    mutating func month() -> Int? {
        let name = word()
        guard name.count >= 3, let index = Self.months.firstIndex(where: { $0.hasPrefix(name) || name == "sept" && $0 == "september" })
        else { return nil }
        _ = skip(".")
        return index + 1
    }

    /// Monday is 1, by its English name, short or whole.
    mutating func weekday() -> Int? {
        let name = word()
        guard name.count >= 2, let index = Self.weekdays.firstIndex(where: { $0.hasPrefix(name) }) else { return nil }
        _ = skip(".")
        return index + 1
    }

    /// Whether the time is before noon; nil where neither AM nor PM stands here, in any of their spellings.
    mutating func isMorning() -> Bool? {
        let start = position
        let isMorning = skip("a")
        if isMorning || skip("p") {
            let dots = skip(".")
            if skip("m"), !dots || skip(".") || isAtEnd, next?.isLetter != true { return isMorning }
        }
        position = start
        return nil
    }

    /// The digits of a fraction of a second, those after the third cut off.
    mutating func milliseconds() -> Int? {
        guard digitCount > 0 else { return nil }
        var (value, scale) = (0, 100)
        while let digit = number(digits: 1...1) {
            value += digit * scale
            scale /= 10
        }
        return value
    }

    /// `Z`, `UTC`, `+05:30`, `+0530` or `+05`, in minutes.
    mutating func offset() -> Int? {
        if skip(Array("UTC".utf8)) || skip(Array("GMT".utf8)) || skip("Z") { return next?.isLetter == true ? nil : 0 }
        let isWest = skip("-")
        guard isWest || skip("+"), let hours = number(digits: 2...2), hours <= 23 else { return nil }
        let minutes = skip(":") || digitCount > 0 ? number(digits: 2...2) : 0
        guard let minutes, minutes <= 59 else { return nil }
        return isWest ? -(hours * 60 + minutes) : hours * 60 + minutes
    }

    private static let months = [
        "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december",
    ]
    private static let weekdays = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
}

extension UInt8 {
    var isDigit: Bool { self >= UInt8(ascii: "0") && self <= UInt8(ascii: "9") }
    var isLetter: Bool { lowercased >= UInt8(ascii: "a") && lowercased <= UInt8(ascii: "z") }
    var lowercased: UInt8 { self >= UInt8(ascii: "A") && self <= UInt8(ascii: "Z") ? self | 0x20 : self }
}
