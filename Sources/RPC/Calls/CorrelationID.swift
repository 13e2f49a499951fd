/// What ties together the log lines of one request through all services.
public enum CorrelationID {
    /// Whether `text` may be one: 1 to 128 of `A–Z a–z 0–9 . _ -`.
    public static func isValid(_ text: String) -> Bool {
        // Where its bytes lie, they are looked at there: a view of a text is slow to walk through.
        text.utf8.withContiguousStorageIfAvailable(isValid) ?? isValid(text.utf8)
    }

    static func isValid(_ bytes: some Collection<UInt8>) -> Bool {
        (1...128).contains(bytes.count) && bytes.allSatisfy(isAllowed)
    }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        case UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"): true
        default: false
        }
    }
}
