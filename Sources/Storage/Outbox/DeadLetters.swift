/// An event that its receiver refused too often. Later events of its aggregate go on without it.
public struct DeadLetter: Hashable, Sendable {
    public let subscriber: String
    public let eventID: String
    public let type: String
    public let reason: String
    public let attempts: Int
}

extension Reader {
    /// Events that were given up, oldest first.
    public func deadLetters(limit: Int) throws -> [DeadLetter] {
        try rows(
            """
            SELECT d.subscriber, o.event_id, o.type, d.reason, d.attempts
            FROM hms_outbox_dead d JOIN hms_outbox o ON o.sequence = d.sequence
            ORDER BY d.sequence, d.subscriber LIMIT ?
            """, [SQLValue(limit)]
        ) { row in
            DeadLetter(subscriber: row.text(0), eventID: row.text(1), type: row.text(2), reason: row.text(3), attempts: row.int(4))
        }
    }
}

extension Transaction {
    /// Gives a dead letter all its tries again; `false` where there is none.
    public func revive(eventID: String, for subscriber: String) throws -> Bool {
        let event = try row("SELECT sequence, aggregate_id FROM hms_outbox WHERE event_id = ?", [.text(eventID)]) {
            ($0.int64(0), $0.text(1))
        }
        guard let (sequence, aggregateID) = event else { return false }
        let key: [SQLValue] = [.text(subscriber), .integer(sequence)]
        guard try execute("DELETE FROM hms_outbox_dead WHERE subscriber = ? AND sequence = ?", key) == 1 else { return false }
        try execute(
            "INSERT INTO hms_outbox_held (subscriber, sequence, aggregate_id, attempts) VALUES (?, ?, ?, 0)", key + [.text(aggregateID)])
        hasPublished = true
        return true
    }
}
