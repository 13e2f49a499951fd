import Testing
import Vocabulary

struct FoldedTextTests {
    @Test(arguments: [
        ("Víctor ÁLVAREZ", "victor alvarez"), ("Jose\u{301}", "jose"), ("José", "jose"), ("  Anna \t Maria  ", "anna maria"),
        ("Müller", "muller"), ("Strauß", "strauss"), ("Łukasz Ørsted", "lukasz orsted"), ("İpek Işık", "ipek isik"),
        ("ΝΊΚΟΣ", "νικοσ"), ("Νίκος", "νικοσ"), ("Алексей", "алексеи"), ("ＡＮＮＡ", "anna"), ("O'Brien-Smith", "o'brien-smith"), ("", ""),
        ("   ", ""), ("Anna\u{A0}Maria", "anna maria"), ("Dvořák9", "dvorak9"),
    ])
    func `case, accents and spacing do not matter`(original: String, folded: String) {
        #expect(FoldedText(original).text == folded)
    }

    @Test func `vowel signs of Indian scripts are letters`() {
        #expect(FoldedText("राम") != FoldedText("रमु"))
        #expect(FoldedText("कुमार") != FoldedText("कमर"))
    }

    @Test func `folding what is folded changes nothing`() {
        for original in ["Víctor ÁLVAREZ", "İpek", "ΝΊΚΟΣ", "Straße", "한국", "राम कुमार", "ﬁona"] {
            let folded = FoldedText(original)
            #expect(FoldedText(folded.text) == folded)
        }
    }
}
