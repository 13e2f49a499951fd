import SeededRandom

/// The power of two choices: of two replicas drawn by chance, the one with fewer calls in flight is taken. It spreads load
/// nearly as evenly as asking all of them, and many clients don't run to the same one at once.
struct TwoChoices {
    private var random: SplitMix64

    init(seed: UInt64) {
        random = SplitMix64(seed: seed)
    }

    /// Two different places below `count`, which is at least 2.
    mutating func draw(of count: Int) -> (Int, Int) {
        let bits = random.next()
        let first = Self.place(UInt32(truncatingIfNeeded: bits >> 32), below: count)
        let second = Self.place(UInt32(truncatingIfNeeded: bits), below: count - 1)
        return (first, second < first ? second : second + 1)
    }

    /// The better of two by `load`. The first, which is the one that chance named, where they are equal.
    mutating func pick(of count: Int, load: (Int) -> Int) -> Int {
        let (first, second) = draw(of: count)
        return load(second) < load(first) ? second : first
    }

    /// Multiplies instead of dividing (Lemire), for which small counts are even enough.
    private static func place(_ bits: UInt32, below count: Int) -> Int {
        Int((UInt64(bits) &* UInt64(count)) >> 32)
    }
}
