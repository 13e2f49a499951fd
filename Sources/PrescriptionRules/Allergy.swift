import Vocabulary

/// A recorded allergy, and which medications it stands against.
///
/// It compares words, however they are written, and knows no pharmacology: that amoxicillin is a penicillin, only a
/// record says that names both. An allergy stands against a medication where
/// - all of its words stand in the medication in the same order, side by side: «Penicillin» and «Penicillin V 250 MG»; or
/// - both begin with the same substance: «Penicillin G» and «penicillin».
///
/// Texts in brackets are other names of the same: «Aspirin (acetylsalicylic acid)» stands against either. Words that name
/// no substance, such as «allergy to» or the tag «(substance)», do not count.
public struct Allergy: Hashable, Sendable {
    private let names: [[Word]]

    public init(_ recorded: String) {
        names = FoldedText(recorded).text.split(whereSeparator: { "()[]".contains($0) })
            .map { Word.all(in: $0).filter { !$0.isFiller } }
            .filter { !$0.isEmpty }
    }

    public func matches(_ medication: String) -> Bool {
        let text = FoldedText(medication).text
        let words = Word.all(in: text)
        let substances = text.split(whereSeparator: { "/+,;&()[]".contains($0) })
            .compactMap { Word.all(in: $0).first { !$0.isFiller } }
        return names.contains { name in
            stands(name, in: words) || substances.contains { $0 == name[0] && !$0.isSalt }
        }
    }

    private func stands(_ name: [Word], in words: [Word]) -> Bool {
        guard name.count <= words.count else { return false }
        return (0...words.count - name.count).contains { start in
            zip(name, words[start...]).allSatisfy { $0.isIn($1) }
        }
    }
}

/// One folded word of letters and digits.
private struct Word: Hashable {
    let text: Substring

    static func all(in text: some StringProtocol) -> [Word] {
        text.split(whereSeparator: { !$0.isLetter && !$0.isNumber }).map { Word(text: singular(Substring($0))) }
    }

    private static func singular(_ word: Substring) -> Substring {
        word.count > shortestStem && word.hasSuffix("s") && !word.hasSuffix("ss") ? word.dropLast() : word
    }

    /// A long word is found inside another too («penicillin» in «benzylpenicillin»), a short one is not («asa» in «nasal»).
    func isIn(_ other: Word) -> Bool {
        self == other || (text.count >= Self.shortestStem && other.text.contains(text))
    }

    var isFiller: Bool { Self.fillers.contains(String(text)) || text.allSatisfy(\.isNumber) }

    /// Whether it names only what the substance is bound to: many have it in common.
    var isSalt: Bool { Self.salts.contains(String(text)) }

    private static let shortestStem = 5

    private static let fillers: Set<String> = [
        "a", "active", "against", "agent", "allergic", "allergie", "allergy", "and", "any", "as", "containing", "disorder", "drug", "drugs",
        "finding", "for", "hypersensitivity", "in", "ingredient", "intolerance", "medication", "medicine", "of", "or", "preparation",
        "product", "reaction", "severe", "substance", "the", "to", "with",
    ]

    private static let salts: Set<String> = [
        "aluminium", "aluminum", "ammonium", "calcium", "chlorine", "ferric", "ferrou", "iron", "magnesium", "potassium", "sodium", "zinc",
    ]
}
