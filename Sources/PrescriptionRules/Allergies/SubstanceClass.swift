/// Substances of one kind, which a record may name together: «NSAIDs».
struct SubstanceClass: Hashable, Sendable {
    let names: Set<Word>
    private let members: [Member]
    /// Whether who can't bear one of them is not given another either.
    let oneStandsForAll: Bool

    /// - Parameters:
    ///   - names: of one word, or of two without the space.
    ///   - members: substances; with a dash before or behind, the ending or the beginning of their names, and with both, a
    ///     part.
    init(_ names: [Word], oneStandsForAll: Bool = false, _ members: [String]) {
        self.names = Set(names)
        self.oneStandsForAll = oneStandsForAll
        self.members = members.map(Member.init)
    }

    func isNamed(in terms: Set<Word>) -> Bool { !names.isDisjoint(with: terms) }

    func holds(_ name: Word) -> Bool {
        names.contains(name) || members.contains { $0.holds(name) }
    }
}

/// A substance, or the stem that many have in common.
private struct Member: Hashable, Sendable {
    private let word: Word
    private let isBeginning: Bool
    private let isEnding: Bool

    init(_ text: String) {
        word = Word(text.filter { $0 != "-" })
        isBeginning = text.hasSuffix("-")
        isEnding = text.hasPrefix("-")
    }

    func holds(_ name: Word) -> Bool {
        if isBeginning && isEnding { return name.text.contains(word.text) }
        if isBeginning { return name.text.hasPrefix(word.text) }
        return isEnding ? name.text.hasSuffix(word.text) : name == word
    }
}
