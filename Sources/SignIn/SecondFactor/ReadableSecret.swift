/// 80 bits by chance that people can read out and type: four groups of four, without letters that look like digits.
enum ReadableSecret {
    private static let letters = Array("abcdefghjkmnpqrstuvwxyz123456789")

    static func make() -> String {
        (0..<4).map { _ in String((0..<4).map { _ in letters[Int.random(in: letters.indices)] }) }.joined(separator: "-")
    }
}

/// RFC 4648, 6, without the signs that fill up.
enum Base32 {
    private static let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")

    static func encode(_ bytes: [UInt8]) -> String {
        var text = ""
        var (bits, count) = (0, 0)
        for byte in bytes {
            bits = (bits << 8 | Int(byte)) & 0xFFFF
            count += 8
            while count >= 5 {
                count -= 5
                text.append(letters[bits >> count & 0x1F])
            }
        }
        if count > 0 { text.append(letters[bits << (5 - count) & 0x1F]) }
        return text
    }
}
