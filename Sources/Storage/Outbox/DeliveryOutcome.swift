/// An event with its place in the outbox, as one subscriber sees it.
struct StoredEvent: Sendable {
    let sequence: Int64
    let event: OutboxEvent
    /// How often it was refused so far.
    var refusals = 0
    /// How often it was tried so far, with a refusal or without any answer.
    var tries = 0
    /// Whether an older event of its aggregate waits for another try, so that this one waits behind it.
    var waitsBehind = false

    var placed: PlacedEvent { PlacedEvent(place: sequence, event: event) }
}

/// What the receiver said to a delivery.
struct DeliveryOutcome: Sendable {
    var delivered: [StoredEvent] = []
    /// Not applied, and to be tried again after a pause.
    var failed: [StoredEvent] = []
    /// Not applied because an older one of the same aggregate was not.
    var waiting: [StoredEvent] = []
    var dead: [(stored: StoredEvent, reason: String)] = []
    var refusals = 0
    var isSetBack = false

    init() {}

    init(_ events: [StoredEvent], _ answer: OutboxAnswer, refusalsToDeadLetter: Int) {
        isSetBack = answer.isSetBack
        let failures = Dictionary(answer.failures.map { ($0.eventID, $0) }) { first, _ in first }
        var blocked: Set<String> = []
        for stored in events {
            if blocked.contains(stored.event.aggregateID) {
                waiting.append(stored)
            } else if let failure = failures[stored.event.id] {
                blocked.insert(stored.event.aggregateID)
                add(stored, failure, refusalsToDeadLetter)
            } else {
                delivered.append(stored)
            }
        }
    }

    private mutating func add(_ stored: StoredEvent, _ failure: OutboxFailure, _ refusalsToDeadLetter: Int) {
        var stored = stored
        stored.tries += 1
        guard failure.isRefusal else { return failed.append(stored) }
        stored.refusals += 1
        refusals += 1
        if stored.refusals >= refusalsToDeadLetter { dead.append((stored, failure.reason)) } else { failed.append(stored) }
    }
}
