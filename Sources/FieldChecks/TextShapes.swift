import ProtobufJSON

/// The shape of a phone number.
enum PhoneText {
    static func breach(by text: String) -> String? {
        if isValid(text) { return nil }
        guard !text.unicodeScalars.contains(where: isForeignDigit) else { return "must be written with the digits 0 to 9" }
        return "must be a phone number of 7 to 15 digits, with spaces, dots, hyphens and brackets where you like"
    }

    private static func isForeignDigit(_ scalar: Unicode.Scalar) -> Bool {
        !scalar.isASCII && scalar.properties.numericType == .decimal
    }

    private static func isValid(_ text: String) -> Bool {
        var rest = text.utf8[...]
        let isInternational = rest.first == UInt8(ascii: "+")
        if isInternational { rest.removeFirst() }
        var digits = 0
        var openBrackets = 0
        for byte in rest {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digits += 1
            case UInt8(ascii: "("): openBrackets += 1
            case UInt8(ascii: ")"): openBrackets -= 1
            case UInt8(ascii: " "), UInt8(ascii: "."), UInt8(ascii: "-"): break
            default: return false
            }
            guard 0...1 ~= openBrackets, digits <= 15 else { return false }
        }
        guard openBrackets == 0, rest.count <= 40, let first = rest.first, first.isDigit || first == UInt8(ascii: "(") else { return false }
        return digits >= 7 && !(isInternational && first == UInt8(ascii: "0"))
    }
}

/// A day, `YYYY-MM-DD`.
enum DateText {
    static func isValid(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard bytes.count == 10, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"), let year = bytes[0..<4].decimal,
            let month = bytes[5..<7].decimal, let day = bytes[8..<10].decimal
        else { return false }
        return year > 0 && CivilDay(year: year, month: month, day: day) != nil
    }
}

/// A time on the clock, `HH:MM`.
enum TimeOfDayText {
    static func isValid(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard bytes.count == 5, bytes[2] == UInt8(ascii: ":"), let hour = bytes[0..<2].decimal, let minute = bytes[3..<5].decimal else {
            return false
        }
        return minute < 60 && (hour < 24 || (hour == 24 && minute == 0))
    }
}

/// One line for people.
enum LineText {
    static func breach(by text: String) -> String? {
        if text.unicodeScalars.contains(where: isBreaking) { return "must be one line without control characters" }
        if text.unicodeScalars.contains(where: turnsText) { return "must not have marks that turn the direction of text" }
        return isBlank(text) ? "must not be blank" : nil
    }

    /// Whether nothing of it can be seen.
    static func isBlank(_ text: String) -> Bool {
        text.unicodeScalars.allSatisfy { $0.properties.isWhitespace || $0.takesNoPlace }
    }

    /// Embeddings, overrides and isolates, by which a text can be shown as another one.
    private static func turnsText(_ scalar: Unicode.Scalar) -> Bool {
        0x202A...0x202E ~= scalar.value || 0x2066...0x2069 ~= scalar.value
    }

    /// Control characters, and what ends a line or paragraph in Unicode.
    private static func isBreaking(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F..<0xA0, 0x2028, 0x2029: true
        default: false
        }
    }
}

extension Unicode.Scalar {
    /// Unicode's Default_Ignorable_Code_Point, and the Braille pattern without a dot. Vocabulary's folding leaves out the same.
    public var takesNoPlace: Bool {
        value >= 0xAD && (properties.isDefaultIgnorableCodePoint || value == 0x2800)
    }
}

/// The shape of a record's id: prefix, underscore, letters and digits.
enum RecordIDShape {
    static let longest = 64

    static func isID(_ text: String, prefix: StaticString) -> Bool {
        var text = text
        return text.withUTF8 { isID($0, UnsafeBufferPointer(start: prefix.utf8Start, count: prefix.utf8CodeUnitCount)) }
    }

    private static func isID(_ bytes: UnsafeBufferPointer<UInt8>, _ prefix: UnsafeBufferPointer<UInt8>) -> Bool {
        guard bytes.count > prefix.count + 1, bytes.count <= longest, bytes[prefix.count] == UInt8(ascii: "_") else { return false }
        for index in prefix.indices where bytes[index] != prefix[index] { return false }
        for index in prefix.count + 1..<bytes.count where !bytes[index].isLetterOrDigit { return false }
        return true
    }
}

extension ArraySlice<UInt8> {
    /// The number that the digits make; nil where one is no digit.
    fileprivate var decimal: Int? {
        reduce(0 as Int?) { number, byte in
            guard let number, byte.isDigit else { return nil }
            return number * 10 + Int(byte - UInt8(ascii: "0"))
        }
    }
}

extension UInt8 {
    var isLetterOrDigit: Bool {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        default: false
        }
    }
}
