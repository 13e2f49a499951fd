import Testing
import Vocabulary

@testable import PatientService

@Suite struct NameGramTests {
    @Test(arguments: [
        ("ana", false, "a n an na ana"),
        ("aa", false, "a aa"),
        ("", false, ""),
        ("ab", true, "\u{E100} a b ab"),
        ("o d", false, "d o \u{E020} o\u{E020} \u{E020}d o\u{E020}d"),
        ("né", false, "n é né"),
        ("अमित😀", false, "अ त म ि 😀 अम त😀 मि ित अमि मित ित😀 अमित😀"),
    ])
    func `the index is told every run of 1, 2, 3 and 5 characters once`(name: String, isInactive: Bool, text: String) {
        #expect(NameGrams.text(of: FoldedText(alreadyFolded: name), isInactive: isInactive) == text)
    }
}
