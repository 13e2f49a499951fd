/// An event with its place in the outbox.
struct StoredEvent: Sendable {
    let sequence: Int64
    let event: OutboxEvent
    /// How often it was refused so far.
    var attempts = 0
    /// Whether an older event of its aggregate waits for another try, so that this one waits behind it.
    var waitsBehind = false
}

/// One subscriber's view of the outbox: a position that everything before was settled, and the events set aside for
/// another try, in their order per aggregate.
struct OutboxStore: Sendable {
    let database: Database
    let subscriber: String

    /// The oldest events that were never tried.
    func fresh(limit: Int) async throws -> [StoredEvent] {
        try await database.read { [subscriber] reader in
            try reader.rows(
                """
                SELECT o.sequence, o.event_id, o.type, o.aggregate_id, o.payload, o.correlation_id, o.created_at,
                    EXISTS (SELECT 1 FROM hms_outbox_held h WHERE h.subscriber = ? AND h.aggregate_id = o.aggregate_id)
                FROM hms_outbox o
                WHERE o.sequence > COALESCE((SELECT position FROM hms_outbox_cursors WHERE subscriber = ?), 0)
                ORDER BY o.sequence LIMIT ?
                """, [.text(subscriber), .text(subscriber), SQLValue(limit)]
            ) { row in
                StoredEvent(sequence: row.int64(0), event: OutboxEvent(row), waitsBehind: row.bool(7))
            }
        }
    }

    /// The oldest event of each aggregate that has some set aside.
    func held(limit: Int) async throws -> [StoredEvent] {
        try await database.read { [subscriber] reader in
            try reader.rows(
                """
                SELECT o.sequence, o.event_id, o.type, o.aggregate_id, o.payload, o.correlation_id, o.created_at, h.attempts
                FROM hms_outbox_held h JOIN hms_outbox o ON o.sequence = h.sequence
                WHERE h.subscriber = ? AND NOT EXISTS (
                    SELECT 1 FROM hms_outbox_held older
                    WHERE older.subscriber = h.subscriber AND older.aggregate_id = h.aggregate_id AND older.sequence < h.sequence)
                ORDER BY h.sequence LIMIT ?
                """, [.text(subscriber), SQLValue(limit)]
            ) { row in
                StoredEvent(sequence: row.int64(0), event: OutboxEvent(row), attempts: row.int(7))
            }
        }
    }

    /// Everything up to `position` is settled but `held`, which wait for another try, and `dead`.
    func settle(upTo position: Int64, held: [StoredEvent], dead: [(StoredEvent, reason: String)]) async throws {
        try await database.write { [subscriber] transaction in
            for stored in held { try transaction.hold(stored, for: subscriber) }
            for (stored, reason) in dead { try transaction.bury(stored, reason, for: subscriber) }
            try transaction.execute(
                """
                INSERT INTO hms_outbox_cursors (subscriber, position) VALUES (?, ?)
                ON CONFLICT (subscriber) DO UPDATE SET position = excluded.position
                """, [.text(subscriber), .integer(position)])
        }
    }

    /// What became of events that were set aside.
    func settleHeld(delivered: [StoredEvent], rejected: [StoredEvent], dead: [(StoredEvent, reason: String)]) async throws {
        try await database.write { [subscriber] transaction in
            for stored in delivered { try transaction.unhold(stored, for: subscriber) }
            for stored in rejected { try transaction.hold(stored, for: subscriber) }
            for (stored, reason) in dead {
                try transaction.unhold(stored, for: subscriber)
                try transaction.bury(stored, reason, for: subscriber)
            }
        }
    }
}

extension OutboxEvent {
    /// From the columns after the sequence.
    init(_ row: borrowing Row) {
        self.init(
            id: row.text(1), type: row.text(2), aggregateID: row.text(3), payload: row.blob(4), correlationID: row.text(5),
            createdAt: row.int64(6))
    }
}

extension Transaction {
    fileprivate func hold(_ stored: StoredEvent, for subscriber: String) throws {
        try execute(
            """
            INSERT INTO hms_outbox_held (subscriber, sequence, aggregate_id, attempts) VALUES (?, ?, ?, ?)
            ON CONFLICT (subscriber, sequence) DO UPDATE SET attempts = excluded.attempts
            """, [.text(subscriber), .integer(stored.sequence), .text(stored.event.aggregateID), SQLValue(stored.attempts)])
    }

    fileprivate func unhold(_ stored: StoredEvent, for subscriber: String) throws {
        try execute(
            "DELETE FROM hms_outbox_held WHERE subscriber = ? AND sequence = ?", [.text(subscriber), .integer(stored.sequence)])
    }

    fileprivate func bury(_ stored: StoredEvent, _ reason: String, for subscriber: String) throws {
        try execute(
            """
            INSERT INTO hms_outbox_dead (subscriber, sequence, reason, attempts) VALUES (?, ?, ?, ?)
            ON CONFLICT (subscriber, sequence) DO NOTHING
            """, [.text(subscriber), .integer(stored.sequence), .text(reason), SQLValue(stored.attempts)])
    }
}
