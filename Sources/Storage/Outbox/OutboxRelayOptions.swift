/// How the relay paces itself.
public struct OutboxRelayOptions: Sendable {
    /// Events of one delivery at most.
    public var batchSize = 250
    /// Bytes of the payloads of one delivery at most, unless a single event has more.
    public var batchBytes = 1 << 20
    /// Refusals after which an event is a dead letter.
    public var refusalsToDeadLetter = 8
    public var backoff = DeliveryBackoff()
    /// How long the next events are let come together where several came at once. One that comes alone is sent at once.
    public var rushPause: Duration = .milliseconds(10)
    /// How often events are looked for that another process has committed, where several share the database and it can't be
    /// heard of them.
    public var pollPause: Duration = .milliseconds(200)
    /// The same while it is heard of them: for those of which it was not, because a process died before it told.
    public var hearingPollPause: Duration = .seconds(2)
    /// Milliseconds since 1970 by the real clock: pauses between tries outlive the process.
    public var realTime: @Sendable () -> Int64
    /// Waits until an instant of `realTime`; nil where that is the machine's own time. An instant and not a duration, so that a clock
    /// that a test moves meanwhile is not waited for twice.
    public var sleepUntil: (@Sendable (Int64) async throws -> Void)?

    public init(realTime: @escaping @Sendable () -> Int64) {
        self.realTime = realTime
    }
}

/// What became of one subscriber's events since the relay was made.
public struct OutboxCounts: Hashable, Sendable {
    public var delivered = 0
    /// Refusals of single events, each of which is tried again until it is a dead letter.
    public var rejected = 0
    public var deadLettered = 0
    /// Deliveries, and single events of deliveries, to which the receiver had no answer.
    public var unanswered = 0
    /// How often the receiver turned out to be set back to a backup.
    public var setBacks = 0

    public init() {}
}

/// Growing pauses between tries, spread so that many who wait do not come back at once.
public struct DeliveryBackoff: Sendable {
    public var first: Duration = .milliseconds(100)
    public var longest: Duration = .seconds(30)
    /// A factor between 0.5 and 1 of the pause; tests replace it.
    public var jitter: @Sendable () -> Double = { .random(in: 0.5...1) }

    public init() {}

    /// The pause after the `attempt`th failure, counted from 1: doubling up to `longest`, times the jitter.
    public func pause(after attempt: Int) -> Duration {
        let doublings = min(max(attempt, 1) - 1, 30)
        return min(first * (1 << doublings), longest) * jitter()
    }
}

extension Duration {
    /// Whole milliseconds, rounded down.
    var milliseconds: Int64 { components.seconds * 1_000 + components.attoseconds / 1_000_000_000_000_000 }
}
