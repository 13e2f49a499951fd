import Contracts
import ProtobufJSON
import Testing

@Suite("White space around texts")
struct OuterSpaceTests {
    @Test(arguments: [
        ("", ""), ("a", "a"), (" a", "a"), ("a ", "a"), ("\t\n a b \r\n", "a b"), ("\u{A0}a\u{2003}", "a"), ("\u{3000}é\u{85}", "é"),
        ("\u{2028}a\u{2029}", "a"), ("\u{1680}a\u{205F}\u{202F}", "a"), (" \u{3000} ", ""), ("é", "é"),
        ("\u{200B}a\u{200B}", "\u{200B}a\u{200B}"),
        ("\u{1F}a", "\u{1F}a"), ("a\u{0}", "a\u{0}"), ("a\u{301} ", "a\u{301}"),
    ])
    func `white space around a text is no part of it, whichever it is`(text: String, trimmed: String) {
        var request = ListPatientsRequest(query: text, pageToken: text)
        var list = CreatePatientRequest(allergies: [text, text])
        request.trimTexts()
        list.trimTexts()
        for result in [request.pageToken, request.query ?? "nil"] + list.allergies {
            #expect(result.unicodeScalars.elementsEqual(trimmed.unicodeScalars))
        }
    }
}
