import Logging
import Synchronization

/// Delivers committed events to each subscriber: in order per aggregate, at least once, woken by the commit.
///
/// Every subscriber has its own place in the outbox and its own loop, so one whose receiver is dead delays only itself,
/// for as long as it takes. An event that the receiver refuses is set aside and tried again with growing pauses, and the
/// events of its aggregate wait behind it; after ``OutboxRelayOptions/rejectionsToDeadLetter`` refusals it is a dead
/// letter and the others go on.
public final class OutboxRelay: Sendable {
    private let database: Database
    private let relays: [SubscriberRelay]

    public init(_ database: Database, subscribers: [OutboxSubscriber], options: OutboxRelayOptions = OutboxRelayOptions(), logger: Logger) {
        self.database = database
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

    /// Forgets events made before `instant` (UTC milliseconds) that every subscriber has received; returns how many.
    @discardableResult
    public func purge(createdBefore instant: Int64) async throws -> Int {
        let names = relays.map(\.subscriber.name)
        var purged = 0
        while true {
            let count = try await database.write { try $0.purgeOutbox(of: names, createdBefore: instant) }
            purged += count
            if count < purgeChunk { return purged }
        }
    }
}

extension Database {
    /// Forgets which events arrived before `instant` (UTC milliseconds): no sender repeats one that old.
    @discardableResult
    public func purgeInbox(receivedBefore instant: Int64) async throws -> Int {
        var purged = 0
        while true {
            let count = try await write { transaction in
                try transaction.execute(
                    """
                    DELETE FROM hms_inbox WHERE (consumer, event_id) IN
                        (SELECT consumer, event_id FROM hms_inbox WHERE received_at < ? LIMIT ?)
                    """, [.integer(instant), SQLValue(purgeChunk)])
            }
            purged += count
            if count < purgeChunk { return purged }
        }
    }
}

/// Rows that one write deletes at most, so that no other write waits long.
let purgeChunk = 500

extension Transaction {
    fileprivate func purgeOutbox(of subscribers: [String], createdBefore instant: Int64) throws -> Int {
        let positions = try subscribers.compactMap { name in
            try row("SELECT position FROM hms_outbox_cursors WHERE subscriber = ?", [.text(name)]) { $0.int64(0) }
        }
        guard positions.count == subscribers.count, let settled = positions.min() else { return 0 }
        return try execute(
            """
            DELETE FROM hms_outbox WHERE sequence IN (
                SELECT sequence FROM hms_outbox o WHERE sequence <= ? AND created_at < ?
                AND NOT EXISTS (SELECT 1 FROM hms_outbox_held h WHERE h.sequence = o.sequence)
                AND NOT EXISTS (SELECT 1 FROM hms_outbox_dead d WHERE d.sequence = o.sequence)
                ORDER BY sequence LIMIT ?)
            """, [.integer(settled), .integer(instant), SQLValue(purgeChunk)])
    }
}
