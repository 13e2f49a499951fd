import SeededRandom

/// Inputs, and what can be wrong with right ones.
extension SplitMix64 {
    mutating func pick<Element>(_ options: [Element]) -> Element {
        options[Int.random(in: 0..<options.count, using: &self)]
    }

    mutating func bytes(_ count: ClosedRange<Int>) -> [UInt8] {
        let count = Int.random(in: count, using: &self)
        return (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &self) }
    }

    /// The beginning of `bytes`, never all of it.
    mutating func truncated(_ bytes: [UInt8]) -> [UInt8] {
        bytes.isEmpty ? [] : Array(bytes.prefix(Int.random(in: 0..<bytes.count, using: &self)))
    }

    /// `bytes` with one to eight bits flipped, outside the places that are kept.
    mutating func flipped(_ bytes: [UInt8], keeping kept: Range<Int> = 0..<0) -> [UInt8] {
        var bytes = bytes
        guard bytes.count > kept.count else { return bytes }
        for _ in 0..<Int.random(in: 1...8, using: &self) {
            let place = Int.random(in: 0..<bytes.count - kept.count, using: &self)
            bytes[place < kept.lowerBound ? place : place + kept.count] ^= 1 << UInt8.random(in: 0...7, using: &self)
        }
        return bytes
    }
}
