/// The token of an `Authorization: Bearer …` field (RFC 6750, 2.1).
public enum BearerToken {
    /// The token of a field's value. The scheme is read in any case (RFC 9110, 11.1), spaces around the token are passed
    /// over; nil where there is another scheme, no token, more than one, or what can't be a token (RFC 9110, 11.2: token68).
    public static func read(from authorization: String) -> String? {
        let words = authorization.utf8.split(whereSeparator: { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") })
        guard words.count == 2, isScheme(words[0]), isToken68(words[1]) else { return nil }
        return String(words[1])
    }

    /// The one form in which a token is sent on.
    public static func field(_ token: String) -> String {
        "Bearer \(token)"
    }

    private static func isScheme(_ word: Substring.UTF8View) -> Bool {
        word.count == 6 && zip(word, "bearer".utf8).allSatisfy { $0 | 0x20 == $1 }
    }

    private static func isToken68(_ word: Substring.UTF8View) -> Bool {
        let padding = word.reversed().prefix { $0 == UInt8(ascii: "=") }.count
        return word.count > padding && word.dropLast(padding).allSatisfy(isToken68Character)
    }

    private static func isToken68Character(_ character: UInt8) -> Bool {
        switch character {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"), UInt8(ascii: "+"), UInt8(ascii: "/"):
            true
        default: false
        }
    }
}
