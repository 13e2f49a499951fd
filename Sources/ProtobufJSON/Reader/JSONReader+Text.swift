extension JSONReader {
    /// Reads a text. Invalid UTF-8, lone surrogates and raw control characters are refused.
    public mutating func readText() throws -> String {
        guard peek() == UInt8(ascii: "\"") else { throw mistake("must be text") }
        let start = place
        let text = try withText { String(validUTF8: $0) }
        guard let text else {
            place = start
            throw mistake("is not UTF-8")
        }
        return text
    }

    /// Hands the next text's bytes to `body`, unescaped but not checked to be UTF-8. They are valid inside it only.
    mutating func withText<Result>(_ body: (UnsafeBufferPointer<UInt8>) throws -> Result) throws -> Result {
        try expect(UInt8(ascii: "\""))
        let plain = ByteScan.plainPrefix(of: rest)
        guard place + plain < bytes.count else {
            place = bytes.count
            throw malformed()
        }
        guard bytes[place + plain] == UInt8(ascii: "\"") else { return try withEscapedText(body) }
        let text = UnsafeBufferPointer(rebasing: bytes[place..<place + plain])
        place += plain + 1
        return try body(text)
    }

    private var rest: UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(rebasing: bytes[place...])
    }

    private mutating func withEscapedText<Result>(_ body: (UnsafeBufferPointer<UInt8>) throws -> Result) throws -> Result {
        var text: [UInt8] = []
        while true {
            let plain = ByteScan.plainPrefix(of: rest)
            text.append(contentsOf: bytes[place..<place + plain])
            place += plain
            switch next {
            case UInt8(ascii: "\""):
                place += 1
                return try text.withUnsafeBufferPointer(body)
            case UInt8(ascii: "\\"):
                place += 1
                try readEscape(into: &text)
            default:
                throw malformed()
            }
        }
    }

    private mutating func readEscape(into text: inout [UInt8]) throws {
        let kind = next
        switch kind {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(kind)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"):
            place += 1
            return text.append(contentsOf: String(try readEscapedScalar()).utf8)
        default: throw malformed()
        }
        place += 1
    }

    /// Four hexadecimal digits, or a pair of surrogates.
    private mutating func readEscapedScalar() throws -> Unicode.Scalar {
        let unit = try readHexUnit()
        if let scalar = Unicode.Scalar(unit) { return scalar }
        guard UTF16.isLeadSurrogate(UInt16(unit)), next == UInt8(ascii: "\\") else { throw mistake("has half a surrogate pair") }
        place += 1
        guard next == UInt8(ascii: "u") else { throw mistake("has half a surrogate pair") }
        place += 1
        let trail = try readHexUnit()
        guard UTF16.isTrailSurrogate(UInt16(trail)), let scalar = Unicode.Scalar(0x1_0000 + (unit - 0xD800) << 10 + (trail - 0xDC00)) else {
            throw mistake("has half a surrogate pair")
        }
        return scalar
    }

    private mutating func readHexUnit() throws -> UInt32 {
        var unit: UInt32 = 0
        for _ in 0..<4 {
            guard let digit = next.hexValue else { throw malformed() }
            unit = unit << 4 | UInt32(digit)
            place += 1
        }
        return unit
    }

    /// Reads base64 of either alphabet.
    public mutating func readBase64() throws -> [UInt8] {
        guard peek() == UInt8(ascii: "\"") else { throw mistake("must be base64 text") }
        guard let bytes = try withText({ Base64.decode($0) }) else { throw mistake("must be base64 text") }
        return bytes
    }

    /// Reads an enum's value by name or number. Nil where the name is unknown and such are ignored.
    mutating func readEnum(_ names: EnumNames) throws -> Int32? {
        guard peek() == UInt8(ascii: "\"") else {
            guard let whole = try readWhole(), let number = Int32(exactly: whole) else { throw mistake(names.expectation(options)) }
            return number
        }
        let text = try readText()
        if let number = names.number(named: text, allowingShort: options.shortensEnumNames) { return number }
        guard options.ignoresUnknown else { throw mistake(names.expectation(options)) }
        skippedValue = true
        return nil
    }

    public mutating func readBool() throws -> Bool {
        switch peek() {
        case UInt8(ascii: "t"):
            try expect(word: "true")
            return true
        case UInt8(ascii: "f"):
            try expect(word: "false")
            return false
        default:
            throw mistake("must be true or false")
        }
    }
}

extension String {
    /// Nil where the bytes are not UTF-8. `String(validating:as:)` asks the runtime for types anew with each text.
    fileprivate init?(validUTF8 bytes: UnsafeBufferPointer<UInt8>) {
        guard let checked = try? UTF8Span(validating: bytes.span) else { return nil }
        self.init(copying: checked)
    }
}

extension EnumNames {
    /// `must be one of ACTIVE, INACTIVE`: the values a caller can mean, without the one for "unset".
    package func expectation(_ options: JSONOptions) -> String {
        let meant = entries.filter { $0.number != 0 }
        let names = (meant.isEmpty ? entries : meant).map { "\(options.shortensEnumNames ? $0.short : $0.full)" }
        return "must be one of " + names.joined(separator: ", ")
    }
}

extension UInt8 {
    package var hexValue: UInt8? {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): self - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): self - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): self - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
