import Testing

@testable import SharedCache

@Suite struct CircuitTests {
    let start = ContinuousClock.now

    @Test func `a cache that is broken is left alone for longer and longer`() {
        var circuit = Circuit(CacheLimits(), at: start)
        #expect(circuit.nextTry == start, "the first try is at once")
        var pauses: [Duration] = []
        for _ in 0..<12 {
            circuit.failed(at: start, chance: 0.5)
            pauses.append(circuit.nextTry - start)
        }
        #expect(pauses.prefix(4) == [.milliseconds(100), .milliseconds(200), .milliseconds(400), .milliseconds(800)])
        #expect(pauses.last == .seconds(30))
    }

    @Test func `replicas come back at different times`() {
        var (early, late) = (Circuit(CacheLimits(), at: start), Circuit(CacheLimits(), at: start))
        early.failed(at: start, chance: 0)
        late.failed(at: start, chance: 1)
        #expect(early.nextTry - start == .milliseconds(75))
        #expect(late.nextTry - start == .milliseconds(125))
    }

    @Test func `one that lets us in and fails again is left alone for longer, but not one that has served well`() {
        var circuit = Circuit(CacheLimits(), at: start)
        for _ in 0..<3 {
            circuit.opened(at: start)
            circuit.failed(at: start + .milliseconds(999), chance: 0.5)
        }
        #expect(circuit.nextTry - start == .milliseconds(999 + 400))
        circuit.opened(at: start)
        circuit.failed(at: start + .seconds(1), chance: 0.5)
        #expect(circuit.nextTry - start == .milliseconds(1_100))
    }
}
