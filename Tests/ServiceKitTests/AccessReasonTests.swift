import ServiceKit
import Testing

struct AccessReasonTests {
    @Test(arguments: [
        ("x", "x"), ("  Brought in unconscious \t", "Brought in unconscious"), ("आपातकाल", "आपातकाल"),
        (String(repeating: "x", count: 500), String(repeating: "x", count: 500)),
        (" " + String(repeating: "x", count: 500) + " ", String(repeating: "x", count: 500)),
    ])
    func `a reason is a line of 1 to 500 characters, freed of what stands around it`(text: String, kept: String) {
        #expect(AccessReason(text)?.text == kept)
    }

    @Test(arguments: ["", "   ", "\u{200B}", "a\nb", "a\u{0}b", "a\u{7F}b", "a\u{202E}b", "a\u{2028}b", String(repeating: "x", count: 501)])
    func `what is no line, or too long, is no reason`(text: String) {
        #expect(AccessReason(text) == nil)
    }
}
