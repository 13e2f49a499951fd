/// Who receives events, under a name that never changes: its place in the outbox is kept under it.
public struct OutboxSubscriber: Sendable {
    public let name: String
    /// The types it wants; `nil` is all.
    public let types: Set<String>?
    /// Hands events over, oldest first, at most one of each aggregate. Returns those that the receiver refused.
    ///
    /// Throwing says that the receiver did not answer: nothing is known, and the same events come again. Receivers
    /// therefore claim events (``Transaction/claim(_:consumer:at:)``).
    public let deliver: @Sendable ([OutboxEvent]) async throws -> [OutboxRejection]

    public init(
        name: String, types: Set<String>? = nil, deliver: @escaping @Sendable ([OutboxEvent]) async throws -> [OutboxRejection]
    ) {
        self.name = name
        self.types = types
        self.deliver = deliver
    }

    func wants(_ event: OutboxEvent) -> Bool { types?.contains(event.type) ?? true }
}

/// A receiver's "no" to one event.
public struct OutboxRejection: Hashable, Sendable {
    public let eventID: String
    /// A code, kept with the dead letter; no personal data.
    public let reason: String

    public init(eventID: String, reason: String) {
        self.eventID = eventID
        self.reason = reason
    }
}

/// What became of one subscriber's events since the relay was made.
public struct OutboxCounts: Hashable, Sendable {
    public var delivered = 0
    /// Refusals of single events, each of which is tried again until it is a dead letter.
    public var rejected = 0
    public var deadLettered = 0
    /// Deliveries that the receiver did not answer.
    public var unanswered = 0
}

/// How the relay paces itself.
public struct OutboxRelayOptions: Sendable {
    /// Events of one delivery at most.
    public var batchSize = 100
    /// Refusals after which an event is a dead letter.
    public var rejectionsToDeadLetter = 8
    public var backoff = Backoff()
    /// Waits between tries; tests replace it.
    public var sleep: @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }

    public init() {}
}

/// Growing pauses between tries, spread so that many who wait do not come back at once.
public struct Backoff: Sendable {
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
