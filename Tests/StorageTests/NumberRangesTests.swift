import SeededRandom
import Testing

@testable import Storage

/// Which numbers were seen, and between which none was.
struct NumberRangesTests {
    private func ranges(_ numbers: some Sequence<Int64>) -> NumberRanges {
        numbers.reduce(into: NumberRanges(most: 100)) { $0.add($1) }
    }

    @Test func `without a number all are missing`() {
        #expect(NumberRanges(most: 100).gaps == [.min ... .max])
    }

    @Test func `numbers that follow one another are one range, in whatever order they come`() {
        #expect(ranges([1, 2, 3, 4]).ranges == [1...4])
        #expect(ranges([4, 1, 3, 2]).ranges == [1...4])
        #expect(ranges([1, 2, 2, 1]).ranges == [1...2])
        #expect(ranges([1, 2, 5, 6]).gaps == [.min...0, 3...4, 7 ... .max])
    }

    @Test func `the lowest and the highest number have nothing beyond them`() {
        #expect(ranges([.min, .max]).gaps == [(.min + 1)...(.max - 1)])
        #expect(ranges([.max, .max, .max - 1, .min, .min + 1]).ranges == [.min...(.min + 1), (.max - 1)...(.max)])
    }

    @Test(arguments: 0..<50 as Range<UInt64>)
    func `whatever comes, ranges and gaps together are all numbers once`(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let numbers = (0..<60).map { _ in Int64.random(in: 0...80, using: &random) }
        let found = ranges(numbers)
        #expect(Set(found.ranges.flatMap { Array($0) }) == Set(numbers))
        let missing = found.gaps.flatMap { Array($0.clamped(to: -5...90)) }
        #expect(missing == (-5...90 as ClosedRange<Int64>).filter { !numbers.contains($0) })
    }

    @Test func `of too many ranges nothing is known`() {
        #expect(!ranges((0..<100).map { $0 * 2 }).isOverfull)
        let overfull = ranges((0...100).map { $0 * 2 } + [1])
        #expect(overfull.isOverfull && overfull.ranges.isEmpty)
    }
}
