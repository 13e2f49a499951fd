import SeededRandom

/// Names made of syllables, a few common and many rare, as people have them. The same seed and index give the same name.
struct MadeUpNames: Sendable {
    private let first: [String]
    private let last: [String]
    private let seed: UInt64

    init(seed: UInt64) {
        self.seed = seed
        var numbers = SplitMix64(seed: seed)
        first = (0..<3_000).map { _ in Self.word(of: Int.random(in: 2...3, using: &numbers), &numbers) }
        last = (0..<20_000).map { _ in Self.word(of: Int.random(in: 2...3, using: &numbers), &numbers) }
    }

    func name(_ index: Int) -> String {
        var numbers = SplitMix64(seed: seed ^ UInt64(index) &* 0x2545_F491_4F6C_DD1D)
        return "\(common(first, &numbers)) \(common(last, &numbers))"
    }

    func dob(_ index: Int) -> String {
        let month = index % 12 + 1
        let day = index / 12 % 28 + 1
        return "\(1930 + index % 90)-\(month < 10 ? "0" : "")\(month)-\(day < 10 ? "0" : "")\(day)"
    }

    func part(of index: Int, length: Int) -> String {
        let name = name(index)
        return String(name.dropFirst(index % max(1, name.count - length + 1)).prefix(length))
    }

    /// The cube makes the first words of the list common and the last rare.
    private func common(_ words: [String], _ numbers: inout SplitMix64) -> String {
        let share = Double.random(in: 0..<1, using: &numbers)
        return words[Int(Double(words.count) * share * share * share)]
    }

    private static func word(of syllables: Int, _ numbers: inout SplitMix64) -> String {
        (0..<syllables).map { _ in
            [onsets, vowels, codas].compactMap { $0.randomElement(using: &numbers) }.joined()
        }.joined().capitalizedFirst
    }

    private static let onsets = ["b", "ch", "d", "dh", "f", "g", "h", "j", "k", "kh", "l", "m", "n", "p", "r", "s", "sh", "t", "v", "y"]
    private static let vowels = ["a", "a", "e", "i", "o", "u", "ai"]
    private static let codas = ["", "", "", "n", "r", "l", "sh", "m"]
}

extension String {
    fileprivate var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
