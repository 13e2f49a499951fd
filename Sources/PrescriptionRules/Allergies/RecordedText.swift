import Vocabulary

/// What somebody has written, as phrases: it is split at `, ; : . / + & ( )`, at dashes, and at words such as «and» and «but».
struct RecordedText {
    private(set) var phrases: [Phrase] = []

    init(_ text: String) {
        var words: [Word] = []
        var isJoined = false
        func endPhrase(nextIsJoined: Bool) {
            if !words.isEmpty { phrases.append(Phrase(words: words, isJoined: isJoined)) }
            // «, and» ends a phrase: what joins is said before anything else.
            isJoined = words.isEmpty ? isJoined && nextIsJoined : nextIsJoined
            words = []
        }
        for token in Self.tokens(of: text) {
            let word = Word(token)
            if Lexicon.joints.contains(word) || Self.joints.contains(token) {
                endPhrase(nextIsJoined: true)
            } else if Lexicon.contrasts.contains(word) || !Self.isWord(token) {
                endPhrase(nextIsJoined: false)
            } else {
                words.append(word)
            }
        }
        endPhrase(nextIsJoined: false)
    }

    private static let joints: Set<Substring> = ["/", "+", "&"]
    private static let dashes: Set<Character> = ["-", "‐", "–", "—", "−"]

    /// Words, and the separators between them. A dash inside a word only splits the word: «co-trimoxazole».
    private static func tokens(of text: String) -> [Substring] {
        FoldedText(keepingDashesOf: text).text.split(separator: " ").flatMap { chunk in
            chunk.chunked { isWordPart($0) && isWordPart($1) }
                .filter { $0 != "'" && $0 != "’" && !(chunk.count > $0.count && $0.allSatisfy(dashes.contains)) }
        }
    }

    private static func isWordPart(_ character: Character) -> Bool { character.isLetter || character.isNumber }
    private static func isWord(_ token: Substring) -> Bool { token.first.map(isWordPart) ?? false }
}

extension Substring {
    /// The pieces between any two neighbours that do not belong together.
    fileprivate func chunked(_ belongTogether: (Character, Character) -> Bool) -> [Substring] {
        var pieces: [Substring] = []
        var start = startIndex
        for (index, next) in zip(indices, indices.dropFirst()) where !belongTogether(self[index], self[next]) {
            pieces.append(self[start..<next])
            start = next
        }
        return pieces + [self[start...]]
    }
}

extension RecordedText {
    /// The phrases without what they deny: «Denies latex and nuts; penicillin» leaves penicillin.
    var affirmed: [Phrase] {
        var affirmed: [Phrase] = []
        var isDenied = false
        for phrase in phrases {
            if let denial = phrase.denial {
                isDenied = true
                affirmed.append(Phrase(words: Array(phrase.words[..<denial]), isJoined: false))
            } else {
                isDenied = isDenied && phrase.isJoined && !phrase.tellsReaction
                if !isDenied { affirmed.append(phrase) }
            }
        }
        return affirmed
    }
}

extension Phrase {
    /// Where a denial begins: «denies …», «not allergic to …», «no known …», «no allergy to …», «no penicillin allergy».
    ///
    /// «No penicillin» is none, for it may mean that penicillin must not be given, and so is none that tells of a reaction
    /// or of its strength: «no known anaphylaxis to penicillin», «no severe allergy».
    fileprivate var denial: Int? {
        if let verb = words.firstIndex(where: Lexicon.denials.contains) { return verb }
        guard let no = words.firstIndex(where: Lexicon.negations.contains), no + 1 < words.count, !tellsReaction else { return nil }
        let denied = words[(no + 1)...].prefix(3)
        if Lexicon.deniable.contains(words[no + 1]) { return no }
        guard let allergy = denied.firstIndex(of: Lexicon.allergy) else { return nil }
        return words[no..<allergy].contains(where: Lexicon.strengths.contains) ? nil : no
    }

    /// Whether it says what has happened: «penicillin gives a rash».
    fileprivate var tellsReaction: Bool { words.contains(where: Lexicon.reactions.contains) }
}
