import Vocabulary

/// The pieces of a name by which it is found: every run of 1, 2, 3 and 5 characters.
///
/// Runs of 5 make the lists of patients short for longer queries; runs of 1 and 2 let the shortest queries use the index.
enum NameGrams {
    /// Marks inactive patients in the index, so that the few among many active ones are found at once.
    static let inactiveMark = "\u{E100}"

    /// Every piece of a name, once, with spaces between them: what the index is told of a patient.
    static func text(of name: FoldedText, isInactive: Bool) -> String {
        let characters = indexable(name)
        var text = isInactive ? Array(inactiveMark.utf8) : []
        for length in [1, 2, 3, 5] {
            for gram in packedWindows(of: length, in: characters) {
                if !text.isEmpty { text.append(UInt8(ascii: " ")) }
                append(gram, of: length, to: &text)
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// A character's bits in a packed window, which is compared and sorted as the number that it is.
    private static let characterBits = 21

    private static func packedWindows(of length: Int, in characters: [Unicode.Scalar]) -> [UInt128] {
        guard characters.count >= length else { return [] }
        let windows = (0...characters.count - length).map { start in
            characters[start..<start + length].reduce(0 as UInt128) { $0 << characterBits | UInt128($1.value) }
        }.sorted()
        return windows.indices.filter { $0 == 0 || windows[$0] != windows[$0 - 1] }.map { windows[$0] }
    }

    private static func append(_ window: UInt128, of length: Int, to text: inout [UInt8]) {
        for place in (0..<length).reversed() {
            let value = UInt32(truncatingIfNeeded: window >> (place * characterBits)) & ((1 << characterBits) - 1)
            guard value >= 0x80 else {
                text.append(UInt8(value))
                continue
            }
            if let encoded = Unicode.Scalar(value).flatMap(UTF8.encode) { text.append(contentsOf: encoded) }
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
