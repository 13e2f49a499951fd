import Testing

@testable import FieldChecks

@Suite("Shapes of text")
struct TextFormatTests {
    private func holds(_ format: TextFormat, _ text: String) -> Bool { format.breach(by: text) == nil }

    private static let longLabel = String(repeating: "a", count: 63)

    @Test(arguments: [
        "a@b", "asha.rao@example.com", "a+b@example.co.in", "!#$%&'*+-/=?^_`{|}~@example.com", "\"john doe\"@example.com",
        "\"a\\\"b\"@example.com", "a@[192.0.2.1]", "a@[IPv6:2001:db8::1]", String(repeating: "a", count: 64) + "@example.com",
        "a@\(longLabel).com", "a@" + Array(repeating: longLabel, count: 3).joined(separator: ".") + "." + String(repeating: "b", count: 60),
    ])
    func `a mailbox is taken`(text: String) {
        #expect(holds(.email, text))
    }

    @Test(arguments: [
        "", "a", "@b", "a@", "a@b@c", "a b@c.d", ".a@b.c", "a.@b.c", "a..b@c.d", "a@b..c", "a@.b", "a@b.", "a@-b.c", "a@b-.c", "a@b_c.d",
        "é@b.c", "a@é.c", "a@b c", "\"a@b.c", "\"a\"b\"@c.d", "\"\"@c.d", "a@[1.2.3]", "a@[1.2.3.256]", "a@[IPv6:]", "a@[IPv6:xyz]",
        "a\u{0}@b.c", "a@b.c\n", String(repeating: "a", count: 65) + "@example.com", "a@\(longLabel)a.com",
        "a@" + Array(repeating: longLabel, count: 3).joined(separator: ".") + "." + String(repeating: "b", count: 61),
    ])
    func `what is no mailbox is refused`(text: String) {
        #expect(!holds(.email, text))
    }

    @Test(arguments: [
        "1234567", "123456789012345", "+911234567890", "+1 (415) 555-2671", "022 1234.5678", "(022) 1234567", "+4 4 1 2 3 4 5",
    ])
    func `a phone number is taken`(text: String) {
        #expect(holds(.phone, text))
    }

    @Test(arguments: [
        "", "123456", "1234567890123456", "+", "+0123456789", "++911234567", "12345a7", "1234567 ext 8", "(1234567", "1234567)",
        ")1234567(",
        "((12)34567)", " 1234567", "-1234567", "1234567\n", "１２３４５６７", "12/34567",
    ])
    func `what is no phone number is refused`(text: String) {
        #expect(!holds(.phone, text))
    }

    @Test(arguments: ["2024-02-29", "2000-02-29", "1900-01-01", "9999-12-31", "0001-01-01", "2026-04-30"])
    func `a day of the calendar is taken`(text: String) {
        #expect(holds(.date, text))
    }

    @Test(arguments: [
        "2023-02-29", "1900-02-29", "2026-04-31", "2026-00-10", "2026-13-10", "2026-01-00", "2026-01-32", "0000-01-01", "2026-1-1",
        "26-01-01",
        "2026/01/01", "2026-01-01 ", "+026-01-01", "", "２０２６-01-01",
    ])
    func `what is no day is refused`(text: String) {
        #expect(!holds(.date, text))
    }

    @Test(arguments: ["00:00", "09:30", "23:59", "24:00"])
    func `a time of day is taken`(text: String) {
        #expect(holds(.timeOfDay, text))
    }

    @Test(arguments: ["24:01", "25:00", "12:60", "9:30", "09:3", "09.30", "09:30:00", "", "ab:cd"])
    func `what is no time of day is refused`(text: String) {
        #expect(!holds(.timeOfDay, text))
    }

    @Test(arguments: ["a", " a ", "Zoë O'Neil-Çelik", "山田 太郎", "👩‍⚕️", "क्‍ष"])
    func `a line for people is taken`(text: String) {
        #expect(holds(.line, text))
    }

    @Test(arguments: [" ", "\u{3000}\u{A0}", "a\nb", "a\tb", "a\u{0}", "\u{7F}a", "a\u{85}", "a\u{2028}b", "a\u{2029}"])
    func `control characters and blank lines are refused`(text: String) {
        #expect(!holds(.line, text))
    }

    @Test(arguments: [
        ("pat_1", true), ("pat_01hzx", true), ("pat_", false), ("pat", false), ("doc_1", false), ("PAT_1", false), ("pat_a b", false),
        ("pat_é", false), ("xpat_1", false),
    ])
    func `an id is known by its prefix`(text: String, isID: Bool) {
        #expect(RecordIDShape.isID(text, prefix: "pat") == isID)
    }

    @Test(arguments: ["\u{202A}", "\u{202B}", "\u{202C}", "\u{202D}", "\u{202E}", "\u{2066}", "\u{2067}", "\u{2068}", "\u{2069}"])
    func `what turns the direction of text is refused in a line, and what only marks it is not`(mark: String) {
        #expect(!holds(.line, "Asha\(mark) Rao"))
        for allowed in ["\u{200E}", "\u{200F}", "\u{61C}", "\u{200C}", "\u{200D}"] { #expect(holds(.line, "Asha\(allowed) Rao")) }
    }

    @Test(arguments: ["\u{200B}", "\u{2800}", "\u{AD}\u{FEFF}", " \u{3164}\u{A0}", "\u{115F}\u{1160}\u{FFA0}", "\u{E0041}\u{FE0F}\u{200F}"])
    func `a line of nothing that can be seen is blank, and so is a required text of many lines`(text: String) {
        #expect(!holds(.line, text))
        #expect(holds(.line, text + "a"))
        var violations = Violations()
        violations.check("message", text + "\n", required: true, maxLength: 100)
        violations.check("message", text as String?, required: true, maxLength: 100)
        violations.check("message", text + "\na", required: true, maxLength: 100)
        violations.check("notes", text, maxLength: 100)
        #expect(violations.all == Array(repeating: FieldViolation(field: "message", message: "must not be blank"), count: 2))
    }

    @Test func `an id has at most 64 characters`() {
        #expect(RecordIDShape.isID("pat_" + String(repeating: "a", count: 60), prefix: "pat"))
        #expect(!RecordIDShape.isID("pat_" + String(repeating: "a", count: 61), prefix: "pat"))
    }
}
