/// Looks at eight bytes at a time for those that end a plain run of text in JSON.
enum ByteScan {
    private static let ones: UInt64 = 0x0101_0101_0101_0101
    private static let highs: UInt64 = 0x8080_8080_8080_8080

    /// How many bytes precede the first quote, backslash or control character.
    static func plainPrefix(of bytes: UnsafeBufferPointer<UInt8>) -> Int {
        guard let start = bytes.baseAddress else { return 0 }
        var place = 0
        while bytes.count - place >= 8 {
            let special = specials(in: UnsafeRawPointer(start + place).loadUnaligned(as: UInt64.self).littleEndian)
            if special != 0 { return place + special.trailingZeroBitCount / 8 }
            place += 8
        }
        while place < bytes.count, !isSpecial(bytes[place]) { place += 1 }
        return place
    }

    static func isSpecial(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
    }

    /// The high bit of each byte that is special. Borrows make false hits possible only above a true one, and the lowest
    /// is what counts.
    private static func specials(in word: UInt64) -> UInt64 {
        let controls = (word &- ones &* 0x20) & ~word
        return (controls | zeros(in: word ^ (ones &* 0x22)) | zeros(in: word ^ (ones &* 0x5C))) & highs
    }

    private static func zeros(in word: UInt64) -> UInt64 {
        (word &- ones) & ~word
    }
}
