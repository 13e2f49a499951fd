/// Words that stand side by side, between two separators.
struct Phrase: Hashable, Sendable {
    let words: [Word]
    /// Whether «and», «or», a slash or the like joins it to the one before, so that a denial of that goes on.
    let isJoined: Bool

    /// The substances that an allergy of this phrase stands against. A metal is one only where nothing else is named:
    /// «Naproxen sodium» is naproxen, «Potassium chloride» is potassium. The names of ``classes`` are none.
    var substances: [Word] {
        let named = names.filter { !Lexicon.metals.contains($0) }
        return named.isEmpty ? names : named.filter { !Lexicon.classNames.contains($0) }
    }

    /// Every word that may name a substance, under all its names.
    var names: [Word] {
        let known = (words + pairs).flatMap { Lexicon.otherNames[$0] ?? [] }
        return words.filter(\.mayNameSubstance) + known
    }

    /// The classes that it names, and those of whose substances one stands for all. «Antibiotics» are all of them where nothing
    /// else is named, but «sulfa antibiotics» are not.
    var classes: [SubstanceClass] {
        let terms = Set(words + pairs)
        let names = names
        let named = Lexicon.classes.filter { $0.isNamed(in: terms) || ($0.oneStandsForAll && names.contains(where: $0.holds)) }
        return named.isEmpty && substances.isEmpty ? Lexicon.generalClasses.filter { $0.isNamed(in: terms) } : named
    }

    /// Names of two words, or of one that somebody has written as two: «ACE inhibitor», «acetyl salicylic». Not so short that
    /// «as a child» names ASA.
    private var pairs: [Word] {
        zip(words, words.dropFirst()).map { Word($0.text + $1.text) }.filter { $0.text.count > 3 }
    }
}

extension Word {
    fileprivate var mayNameSubstance: Bool {
        text.count > 1 && !isQuantity && !Lexicon.fillers.contains(self) && !Lexicon.salts.contains(self)
    }
}
