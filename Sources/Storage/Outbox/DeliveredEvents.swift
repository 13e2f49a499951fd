/// Events that a subscriber has been sent, and how far the reading of them came.
public struct DeliveredEvents: Sendable {
    public let events: [OutboxEvent]
    /// The place in the outbox to go on after.
    public let position: Int64
    /// Whether there may be more after it.
    public let hasMore: Bool
}

extension Database {
    /// The next events after a place in the outbox that were sent to `subscriber`, without those that still wait for
    /// another try or were given up.
    public func eventsDelivered(to subscriber: String, after position: Int64, limit: Int) async throws -> DeliveredEvents {
        try await scan { reader in
            let found = try reader.rows(
                """
                SELECT o.sequence, o.event_id, o.type, o.aggregate_id, o.payload, o.correlation_id, o.created_at,
                    EXISTS (SELECT 1 FROM hms_outbox_held h WHERE h.subscriber = ? AND h.sequence = o.sequence)
                    OR EXISTS (SELECT 1 FROM hms_outbox_dead d WHERE d.subscriber = ? AND d.sequence = o.sequence)
                FROM hms_outbox o
                WHERE o.sequence > ? AND o.sequence <= COALESCE((SELECT position FROM hms_outbox_cursors WHERE subscriber = ?), 0)
                ORDER BY o.sequence LIMIT ?
                """, [.text(subscriber), .text(subscriber), .integer(position), .text(subscriber), SQLValue(limit)]
            ) { row in
                (sequence: row.int64(0), event: OutboxEvent(row), isOpen: row.bool(7))
            }
            return DeliveredEvents(
                events: found.filter { !$0.isOpen }.map(\.event), position: found.last?.sequence ?? position,
                hasMore: found.count == limit)
        }
    }

    /// Those of the events that `consumer` has never claimed.
    public func eventsNeverClaimed(_ ids: [String], by consumer: String) async throws -> [String] {
        try await scan { reader in
            try ids.filter { id in
                try !reader.exists("SELECT 1 FROM hms_inbox WHERE consumer = ? AND event_id = ?", [.text(consumer), .text(id)])
            }
        }
    }
}
