import Testing

@testable import PrescriptionRules

struct LexiconTests {
    @Test func `no word both names a substance or a class and is left out`() {
        let leftOut = Lexicon.fillers.union(Lexicon.joints).union(Lexicon.contrasts).union(Lexicon.salts)
        let names = Set(Lexicon.otherNames.keys).union(Lexicon.metals).union(Lexicon.classNames)
        // A class: what a salt of nitric acid is to a chemist.
        #expect(leftOut.intersection(names) == ["nitrate"])
    }

    @Test(arguments: [("ASS", "such as nuts"), ("Aspirin", "as a child")])
    func `an abbreviation is no everyday word`(medication: String, allergy: String) {
        #expect(!Allergy(allergy).matches(medication))
    }

    @Test(arguments: [("sulphate", "sulfate"), ("mesylate", "mesilate"), ("Oestrogens", "estrogen"), ("PENICILLINE", "penicilina")])
    func `words of one meaning have one spelling`(first: String, second: String) {
        #expect(Word(first) == Word(second))
    }
}
