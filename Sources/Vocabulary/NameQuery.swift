/// What is looked for among names: a name that has every word somewhere in it, in whatever order.
///
/// «Shah, Priya» finds «Priya Mohan Shah», and «pri sha» does too.
public struct NameQuery: Hashable, Sendable {
    /// The longest first; none is a part of another. Never empty.
    public let words: [FoldedText]

    /// No name has so many different words.
    static let mostWords = 16

    /// The text of a list's filter.
    ///
    /// - Throws: `INVALID_ARGUMENT` on the field where nothing is left of the text, or it has more than 16 different words.
    public init(filter field: String, _ text: String) throws(Rejection) {
        let folded = try FoldedText(filter: field, text)
        words = Self.words(of: folded)
        guard words.count <= Self.mostWords else {
            throw Rejection(invalid: [.init(field: field, sentence: "must have at most \(Self.mostWords) different words")])
        }
    }

    public func matches(_ name: FoldedText) -> Bool {
        words.allSatisfy { name.text.utf8.contains($0.text.utf8) }
    }

    /// A text of nothing but separators is looked for as it is.
    private static func words(of folded: FoldedText) -> [FoldedText] {
        let parts = folded.text.unicodeScalars.split(whereSeparator: separators.contains).map(String.init)
        guard !parts.isEmpty else { return [folded] }
        let longestFirst = Set(parts).sorted { ($1.utf8.count, $0) < ($0.utf8.count, $1) }
        return longestFirst.reduce(into: []) { words, part in
            if !words.contains(where: { $0.text.utf8.contains(part.utf8) }) { words.append(FoldedText(alreadyFolded: part)) }
        }
    }

    /// Besides spaces and dashes: what people put between the parts of a name.
    private static let separators: Set<Unicode.Scalar> = [" ", ",", ";", ".", "/", "\u{60C}", "\u{61B}", "\u{3001}", "\u{3002}"]
}
