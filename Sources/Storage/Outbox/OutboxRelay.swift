public import Logging

/// Delivers committed events to each subscriber: in order per aggregate, at least once, woken by the commit.
///
/// Every subscriber has its own place in the outbox and its own loop, so one whose receiver is dead delays only itself,
/// for as long as it takes. An event that the receiver does not apply is set aside and tried again with growing pauses, and
/// the events of its aggregate wait behind it. One that is refused ``OutboxRelayOptions/refusalsToDeadLetter`` times is a
/// dead letter and the others go on; one to which the receiver has no answer is tried for as long as it takes.
public final class OutboxRelay: Sendable {
    private let relays: [SubscriberRelay]

    public init(_ database: Database, subscribers: [OutboxSubscriber], options: OutboxRelayOptions, logger: Logger) {
        relays = subscribers.map { SubscriberRelay(database, $0, options, logger) }
    }

    /// Delivers until ``stop()`` or until the task is cancelled. A delivery under way at a stop is finished and recorded.
    public func run() async {
        await withDiscardingTaskGroup { group in
            for relay in relays {
                group.addTask { await relay.run() }
            }
        }
    }

    public func stop() {
        for relay in relays { relay.stop() }
    }

    /// Counts by the subscriber's name.
    public var counts: [String: OutboxCounts] {
        Dictionary(relays.map { ($0.subscriber.name, $0.counts) }) { first, _ in first }
    }
}
