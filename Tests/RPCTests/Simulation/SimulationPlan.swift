import NIOCore
import SeededRandom

@testable import RPC

/// What a seed decides before anything happens.
struct SimulationPlan {
    /// One call: what it carries, how its handler behaves, and how long its caller is patient.
    struct Call {
        let number: Int
        let at: TimeAmount
        let requestBytes: Int
        let answerBytes: Int
        /// Zero: the handler returns at once.
        let handlerDelay: TimeAmount
        let ignoresCancellation: Bool
        let timeout: TimeAmount
        let cancelAfter: TimeAmount?
        let stream: SimulatedStreamPlan?
    }

    enum Misfortune {
        case none
        case reset(at: TimeAmount)
        /// Nothing moves any more, and nobody is told.
        case partition(at: TimeAmount)
    }

    struct Drain {
        let at: TimeAmount
        let grace: Duration
    }

    struct Stall {
        let ofClient: Bool
        let at: TimeAmount
        let duration: TimeAmount
    }

    var calls: [Call] = []
    var misfortune = Misfortune.none
    var drains: [Drain] = []
    var stalls: [Stall] = []
    var maximumAge: TimeAmount?
    /// Sizes of reads.
    let cut: ClosedRange<Int>
    let pipeCapacity: Int
    let maximumCalls: Int
    let maximumHeldBytes: Int

    static let span = TimeAmount.milliseconds(1500)

    init(using random: inout SplitMix64) {
        let cuts: [ClosedRange<Int>] = [1...200, 100...900, 1...4096]
        cut = random.chance(10) ? 1...9 : random.pick(cuts)
        pipeCapacity = random.pick([50, 700, 3000, 20_000])
        maximumCalls = random.chance(3) ? Int.random(in: 1...5, using: &random) : 64
        maximumHeldBytes = random.chance(3) ? Int.random(in: 3000...20_000, using: &random) : 1_000_000
        let largest = cut.upperBound < 10 ? 300 : random.pick([200, 3000, 8000])
        for number in 0..<Int.random(in: 1...14, using: &random) { calls.append(.init(number, largest: largest, using: &random)) }
        if random.chance(6) {
            misfortune = .reset(at: random.time())
        } else if random.chance(8) {
            misfortune = .partition(at: random.time())
        }
        while random.chance(3) {
            drains.append(Drain(at: random.time(), grace: random.pick([.zero, .milliseconds(50), .seconds(1), .seconds(5)])))
        }
        while random.chance(3) {
            let duration = random.chance(4) ? TimeAmount.seconds(20) : .milliseconds(Int64.random(in: 1...400, using: &random))
            stalls.append(Stall(ofClient: random.chance(2), at: random.time(), duration: duration))
        }
        if random.chance(5) { maximumAge = .milliseconds(Int64.random(in: 100...900, using: &random)) }
    }

    static let limits = {
        var limits = ConnectionLimits()
        limits.maximumMessageBytes = 8192
        limits.maximumCallsInFlight = 8
        limits.frameTimeout = .seconds(3)
        limits.outboundHighWaterBytes = 2048
        limits.maximumOutboundBytes = 200_000
        limits.closeTimeout = .seconds(3)
        return limits
    }()

    static let largestFrame = limits.maximumMessageBytes + 100

    let limits = SimulationPlan.limits

    var rules: HealthRules {
        HealthRules(
            frameTimeout: .seconds(3), slowReaderTimeout: .seconds(3), keepaliveInterval: .seconds(5), keepaliveTimeout: .seconds(2),
            idleTimeout: .seconds(60), maximumAge: nil)
    }

    var serverRules: HealthRules {
        var rules = rules
        rules.maximumAge = maximumAge
        return rules
    }

    let callRules = ServerCallRules(overloadPushback: .milliseconds(10), maximumTimeout: .seconds(60), ageGrace: .seconds(2))
}

extension SimulationPlan.Call {
    fileprivate init(_ number: Int, largest: Int, using random: inout SplitMix64) {
        self.number = number
        at = random.time()
        requestBytes = Int.random(in: 8...largest, using: &random)
        answerBytes = Int.random(in: 8...largest, using: &random)
        handlerDelay = random.chance(2) ? .zero : .milliseconds(random.chance(6) ? 4000 : Int64.random(in: 0...200, using: &random))
        ignoresCancellation = random.chance(4)
        timeout = random.chance(6) ? .milliseconds(Int64.random(in: 1...300, using: &random)) : .seconds(30)
        cancelAfter = random.chance(7) ? .milliseconds(Int64.random(in: 0...200, using: &random)) : nil
        stream = random.chance(3) ? SimulatedStreamPlan(largest: largest, using: &random) : nil
    }
}

extension SimulatedStreamPlan {
    fileprivate init(largest: Int, using random: inout SplitMix64) {
        largestMessage = random.pick([1, 100, largest])
        messageCount = Int.random(in: 0...min(40, 20_000 / largestMessage), using: &random)
        windowKiB = random.pick([1, 1, 2, 4])
        writerPause = random.pick([.zero, .zero, .milliseconds(3)])
        readerPause = random.chance(8) ? nil : random.pick([.zero, .milliseconds(1), .milliseconds(20)])
    }
}

extension SplitMix64 {
    /// True once in `n`.
    mutating func chance(_ n: Int) -> Bool {
        Int.random(in: 0..<n, using: &self) == 0
    }

    mutating func pick<Value>(_ values: [Value]) -> Value {
        values[Int.random(in: 0..<values.count, using: &self)]
    }

    fileprivate mutating func time() -> TimeAmount {
        .microseconds(Int64.random(in: 0...(SimulationPlan.span.nanoseconds / 1000), using: &self))
    }
}
