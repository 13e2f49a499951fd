import Vocabulary

/// The pieces of a name by which it is found: every run of 1, 2, 3 and 5 characters.
///
/// Runs of 5 make the lists of patients short for longer queries; runs of 1 and 2 let the shortest queries use the index.
enum NameGrams {
    /// Marks inactive patients in the index, so that the few among many active ones are found at once.
    static let inactiveMark = "\u{E100}"

    /// Every piece of a name, once.
    static func all(of name: FoldedText) -> Set<String> {
        let characters = indexable(name)
        return [1, 2, 3, 5].reduce(into: []) { grams, length in
            grams.formUnion(windows(of: length, in: characters, step: 1))
        }
    }

    /// Pieces that every name with these words in it has, of the first words first. A name that has them all need not have the
    /// words.
    static func cover(of words: [FoldedText]) -> [String] {
        var seen: Set<String> = []
        return words.flatMap(cover).filter { seen.insert($0).inserted }.prefix(6).map { $0 }
    }

    private static func cover(of part: FoldedText) -> [String] {
        let characters = indexable(part)
        let length = characters.count >= 5 ? 5 : min(characters.count, 3)
        return windows(of: length, in: characters, step: length) + windows(of: length, in: characters.suffix(length), step: 1)
    }

    private static func windows(of length: Int, in characters: some RandomAccessCollection<Unicode.Scalar>, step: Int) -> [String] {
        guard length > 0, characters.count >= length else { return [] }
        return stride(from: 0, through: characters.count - length, by: step).map { offset in
            var gram = String.UnicodeScalarView()
            gram.append(contentsOf: characters.dropFirst(offset).prefix(length))
            return String(gram)
        }
    }

    /// Spaces and punctuation stand in the index as characters of the private use area, because they would end a word.
    private static func indexable(_ text: FoldedText) -> [Unicode.Scalar] {
        text.text.unicodeScalars.map { scalar in
            guard scalar.isASCII, !("a"..."z").contains(scalar), !("0"..."9").contains(scalar) else { return scalar }
            return Unicode.Scalar(0xE000 + scalar.value) ?? scalar
        }
    }
}
