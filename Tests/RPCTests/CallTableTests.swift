import NIOCore
import SeededRandom
import Testing

@testable import RPC

/// Which call is whose, and when it is due, without a hash and within bounds.
@Suite struct CallTableTests {
    private let start = NIODeadline.uptimeNanoseconds(1_000)

    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func `a table holds what a dictionary would, whatever comes and goes`(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var table = CallTable<UInt32>()
        var expected: [UInt32: UInt32] = [:]
        for number in 0..<5_000 as Range<UInt32> {
            let streamID = 2 * number + 1
            table.insert(number, streamID, due: .distantFuture)
            expected[streamID] = number
            while let some = expected.keys.randomElement(using: &random), Int.random(in: 0..<600, using: &random) < expected.count {
                #expect(table[some] == expected[some])
                #expect(table.remove(some) == expected.removeValue(forKey: some))
                #expect(table.remove(some) == nil)
            }
            #expect(table.count == expected.count)
        }
        #expect(table.calls == expected.sorted { $0.key < $1.key }.map(\.value))
        let middle = expected.keys.sorted()[expected.count / 2]
        #expect(table.removeAll(above: middle).count == expected.keys.count { $0 > middle })
        #expect(table.removeAll().count == expected.keys.count { $0 <= middle })
        #expect(table.isEmpty)
    }

    @Test func `a slow call that a million pass stays findable and costs no more places`() {
        var table = CallTable<UInt32>()
        table.insert(0, 1, due: .distantFuture)
        for number in 1...1_000_000 as ClosedRange<UInt32> {
            table.insert(number, 2 * number + 1, due: .distantFuture)
            table.remove(2 * number + 1)
        }
        #expect(table.placeCount <= 8)
        #expect(table[1] == 0)
        #expect(table.remove(1) == 0)
        #expect(table.isEmpty)
    }

    @Test func `places are bounded, calls beyond them step aside`() {
        var table = CallTable<UInt32>()
        for number in 0..<10_000 as Range<UInt32> { table.insert(number, 2 * number + 1, due: .distantFuture) }
        #expect(table.placeCount == CallTable<UInt32>.mostPlaces)
        #expect(table.calls == Array(0..<10_000))
        #expect((0..<10_000).allSatisfy { table.remove(2 * $0 + 1) == $0 })
        table.release()
        #expect(table.placeCount == 0)
    }

    @Test func `each call is due once, when its deadline has come and not before`() {
        var table = CallTable<String>()
        table.insert("late", 1, due: start + .milliseconds(20))
        table.insert("early", 3, due: start + .milliseconds(10))
        table.insert("never", 5, due: .distantFuture)
        #expect(table.earliestDeadline == start + .milliseconds(10))
        #expect(table.due(at: start + .milliseconds(10) - .nanoseconds(1)).isEmpty)
        #expect(table.due(at: start + .milliseconds(10)).map(\.call) == ["early"])
        #expect(table.earliestDeadline == start + .milliseconds(20))
        #expect(table.due(at: start + .milliseconds(10)).isEmpty)
        table.liftDeadline(of: 1)
        #expect(table.due(at: start + .hours(1)).isEmpty)
        #expect(table.earliestDeadline == .distantFuture)
        #expect(table.calls == ["late", "early", "never"])
    }

    @Test func `a call that stepped aside is due like any other`() {
        var table = CallTable<Int>()
        table.insert(0, 1, due: start + .milliseconds(10))
        for number in 1...20 {
            table.insert(number, UInt32(2 * number + 1), due: .distantFuture)
            table.remove(UInt32(2 * number + 1))
        }
        #expect(table.due(at: start + .milliseconds(10)).map(\.streamID) == [1])
        #expect(table.due(at: start + .hours(1)).isEmpty)
    }
}
