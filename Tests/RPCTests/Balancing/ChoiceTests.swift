import NIOCore
import SeededRandom
import Testing

@testable import RPC

/// Who gets the next call, and who gets none for a while: played with a seed, without sockets and clocks.
@Suite struct ChoiceTests {
    /// Replicas that take so long for a call, and what each was given of all calls.
    private func shares(_ latencies: [Int], inFlight: Int, seed: UInt64, calls: Int = 30_000) -> [Double] {
        var choices = TwoChoices(seed: seed)
        var random = SplitMix64(seed: seed &+ 1)
        var loads = latencies.map { _ in 0 }
        var counts = latencies.map { _ in 0 }
        var ends: [Int: [Int]] = [:]
        var now = 0
        var started = 0
        while started < calls {
            for replica in ends.removeValue(forKey: now) ?? [] { loads[replica] -= 1 }
            while loads.reduce(0, +) < inFlight, started < calls {
                let replica = choices.pick(of: latencies.count) { loads[$0] }
                loads[replica] += 1
                counts[replica] += 1
                started += 1
                ends[now + latencies[replica] + Int.random(in: 1...10, using: &random), default: []].append(replica)
            }
            now += 1
        }
        return counts.map { Double($0) / Double(calls) }
    }

    @Test(arguments: [1, 4, 64], [1 as UInt64, 2, 3])
    func `three replicas alike get a third each, within a fifth`(inFlight: Int, seed: UInt64) {
        for share in shares([10, 10, 10], inFlight: inFlight, seed: seed) { #expect(abs(share - 1.0 / 3) < 0.2 / 3) }
    }

    @Test(arguments: [1 as UInt64, 2, 3])
    func `a slow replica gets less than the others`(seed: UInt64) {
        let shares = shares([10, 10, 200], inFlight: 64, seed: seed)
        #expect(shares[2] < 0.15)
        #expect(abs(shares[0] - shares[1]) < 0.1)
    }

    @Test func `one seed makes one sequence of choices`() {
        #expect(shares([1, 2, 3], inFlight: 8, seed: 9) == shares([1, 2, 3], inFlight: 8, seed: 9))
    }

    @Test(arguments: 2...9) func `two different ones are drawn, and any of them may be`(count: Int) {
        var choices = TwoChoices(seed: 7)
        var seen: Set<Int> = []
        for _ in 0..<2_000 {
            let (first, second) = choices.draw(of: count)
            #expect(first != second && (0..<count).contains(first) && (0..<count).contains(second))
            seen.formUnion([first, second])
        }
        #expect(seen.count == count)
    }

    // MARK: Ejection

    private let start = NIODeadline.uptimeNanoseconds(1_000_000_000_000)

    @Test func `five refusals in a row deserve an ejection, and a reply in between begins the count anew`() {
        var record = ReplicaRecord()
        for _ in 0..<4 { record.callFailed() }
        #expect(!record.deservesEjection)
        record.callSucceeded()
        for _ in 0..<4 { record.callFailed() }
        #expect(!record.deservesEjection)
        record.callFailed()
        #expect(record.deservesEjection)
    }

    @Test func `each ejection lasts twice as long as the one before, and a minute at most`() {
        var record = ReplicaRecord()
        var now = start
        for seconds in [1, 2, 4, 8, 16, 32, 60, 60] as [Int64] {
            record.eject(at: now)
            #expect(record.isEjected(at: now + .seconds(seconds) - .milliseconds(1)))
            now = now + .seconds(seconds)
            #expect(!record.isEjected(at: now))
            record.tryAgain()
            #expect(!record.deservesEjection)
            record.callFailed()
            #expect(record.deservesEjection)
        }
    }

    @Test func `who does well again is forgiven`() {
        var record = ReplicaRecord()
        for _ in 0..<3 { record.eject(at: start) }
        record.tryAgain()
        for _ in 0..<3 { record.callSucceeded() }
        record.eject(at: start)
        #expect(!record.isEjected(at: start + .seconds(1)))
    }
}
