import Vocabulary

/// One word in the one spelling in which words are compared.
struct Word: Hashable, Sendable {
    let text: String

    /// - Parameter original: letters and digits only.
    init(_ original: some StringProtocol) {
        var text = FoldedText(String(original)).text
        for (usual, plain) in Self.spellings { text.replace(usual, with: plain) }
        self.text = Self.withoutEnding(Self.withoutDoubledLetters(text))
    }

    /// What British and American, older and newer, English, French, Spanish and Italian spelling write differently:
    /// sulphate and sulfate, oestradiol and estradiol, indomethacin and indometacin, amoxycillin and amoxicillin.
    private static let spellings = [("ph", "f"), ("th", "t"), ("oe", "e"), ("ae", "e"), ("y", "i")]

    private static func withoutDoubledLetters(_ text: String) -> String {
        text.reduce(into: "") { plain, letter in
            if plain.last != letter || letter.isNumber { plain.append(letter) }
        }
    }

    /// Penicillins and penicilina, morphin and morphine.
    private static func withoutEnding(_ text: String) -> String {
        var stem = text[...]
        if stem.count > 3, stem.last == "s" { stem.removeLast() }
        if stem.count > shortestStem, let last = stem.last, "aeo".contains(last) { stem.removeLast() }
        return String(stem)
    }

    /// A long word is found in another, a short one is not: «asa» is not in «nasal».
    private static let shortestStem = 5

    /// Whether it says that a medication of this name holds the substance, in either direction.
    func isSubstance(of name: Word) -> Bool {
        self == name || isPart(of: name) || name.isPart(of: self) || isMistyped(name)
    }

    private func isPart(of other: Word) -> Bool {
        text.count >= Self.shortestStem && other.text.contains(text)
    }

    /// Whether one letter behind the first is missing, too many or wrong in one of two long words.
    private func isMistyped(_ other: Word) -> Bool {
        let (mine, others) = (Array(text), Array(other.text))
        guard min(mine.count, others.count) > Self.shortestStem, abs(mine.count - others.count) <= 1, mine[0] == others[0] else {
            return false
        }
        let same = zip(mine, others).prefix { $0 == $1 }.count
        let (rest, othersRest) = (mine.dropFirst(same), others.dropFirst(same))
        return rest.dropFirst() == othersRest.dropFirst() || rest.dropFirst() == othersRest || rest == othersRest.dropFirst()
    }

    /// `325`, `0`, `24hr`, `500mg`: digits, and perhaps a unit.
    var isQuantity: Bool { text.first?.isNumber == true && text.drop(while: \.isNumber).allSatisfy(\.isLetter) }
}

extension Word: ExpressibleByStringLiteral {
    init(stringLiteral text: String) {
        self.init(text)
    }
}
