/// Who receives events, under a name that never changes: its place in the outbox is kept under it.
public struct OutboxSubscriber: Sendable {
    public let name: String
    /// The types it wants; `nil` is all.
    public let types: Set<String>?
    /// Hands events over, oldest first, and says which of them the receiver did not apply. Where one was not applied, no
    /// later one of its aggregate was either, named or not.
    ///
    /// Throwing says that the receiver did not answer: nothing is known, and the same events come again. Receivers
    /// therefore claim events (``Transaction/claim(_:consumer:at:)``).
    public let deliver: @Sendable (OutboxDelivery) async throws -> OutboxAnswer

    public init(name: String, types: Set<String>? = nil, deliver: @escaping @Sendable (OutboxDelivery) async throws -> OutboxAnswer) {
        self.name = name
        self.types = types
        self.deliver = deliver
    }

    var hearer: OutboxHearer { OutboxHearer(name: name, types: types) }
}

/// Events on their way to one subscriber.
public struct OutboxDelivery: Sendable {
    public let events: [PlacedEvent]
    /// The event that the receiver has applied last, as far as the sender knows. A receiver that has never heard of it was
    /// set back to a backup.
    public let lastApplied: String?

    public init(events: [PlacedEvent], lastApplied: String?) {
        self.events = events
        self.lastApplied = lastApplied
    }
}

/// An event and its place in its producer's outbox: higher is later, from 1.
public struct PlacedEvent: Hashable, Sendable {
    public let place: Int64
    public let event: OutboxEvent

    public init(place: Int64, event: OutboxEvent) {
        self.place = place
        self.event = event
    }
}

/// What a receiver says to a delivery.
public struct OutboxAnswer: Hashable, Sendable {
    public var failures: [OutboxFailure]
    /// Whether the receiver has lost what it had applied, so that all it was ever sent has to be asked again.
    public var isSetBack: Bool

    public init(failures: [OutboxFailure] = [], isSetBack: Bool = false) {
        self.failures = failures
        self.isSetBack = isSetBack
    }
}

/// That one event was not applied.
public struct OutboxFailure: Hashable, Sendable {
    public let eventID: String
    /// A code, kept with the dead letter; no personal data.
    public let reason: String
    /// Whether the receiver said no to just this event. Else it could not say: that is tried again for as long as it takes.
    public let isRefusal: Bool

    public init(eventID: String, reason: String, isRefusal: Bool) {
        self.eventID = eventID
        self.reason = reason
        self.isRefusal = isRefusal
    }
}
