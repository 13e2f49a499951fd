/// What the receiver said to a delivery.
struct DeliveryOutcome {
    var delivered: [StoredEvent] = []
    var rejected: [StoredEvent] = []
    var dead: [(StoredEvent, reason: String)] = []

    init() {}

    init(_ events: [StoredEvent], _ rejections: [OutboxRejection], rejectionsToDeadLetter: Int) {
        let reasons = Dictionary(rejections.map { ($0.eventID, $0.reason) }) { first, _ in first }
        for var stored in events {
            guard let reason = reasons[stored.event.id] else {
                delivered.append(stored)
                continue
            }
            stored.attempts += 1
            if stored.attempts >= rejectionsToDeadLetter { dead.append((stored, reason)) } else { rejected.append(stored) }
        }
    }
}

/// When the aggregates whose oldest event was refused are tried again. It lives in memory: after a restart all are due.
struct RetrySchedule {
    private let backoff: Backoff
    private var dueAt: [String: ContinuousClock.Instant] = [:]

    init(backoff: Backoff) {
        self.backoff = backoff
    }

    /// The next time at which something is due.
    var next: ContinuousClock.Instant? { dueAt.values.min() }

    func isDue(_ aggregateID: String) -> Bool {
        guard let instant = dueAt[aggregateID] else { return true }
        return instant <= .now
    }

    mutating func note(_ outcome: DeliveryOutcome) {
        for stored in outcome.delivered { dueAt[stored.event.aggregateID] = nil }
        for (stored, _) in outcome.dead { dueAt[stored.event.aggregateID] = nil }
        for stored in outcome.rejected { dueAt[stored.event.aggregateID] = .now + backoff.pause(after: stored.attempts) }
    }
}

extension [StoredEvent] {
    /// The longest beginning that holds no aggregate twice: when an event is refused, no later one of its aggregate
    /// must have been delivered beside it.
    func prefixOfDistinctAggregates() -> ArraySlice<StoredEvent> {
        var seen: Set<String> = []
        return prefix { seen.insert($0.event.aggregateID).inserted }
    }
}
