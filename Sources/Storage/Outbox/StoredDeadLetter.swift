/// An event that its receiver refused too often. Later events of its aggregate go on without it, and it is kept until
/// somebody revives it.
public struct StoredDeadLetter: Hashable, Sendable {
    public let subscriber: String
    /// Of the event in the outbox.
    public let place: Int64
    public let eventID: String
    public let type: String
    public let aggregateID: String
    /// The code of the last refusal.
    public let reason: String
    /// How often it was refused.
    public let attempts: Int
    /// When it happened, by the hospital's clock, and when it was given up, by the real one. UTC milliseconds.
    public let createdAt: Int64
    public let diedAt: Int64
}

extension Reader {
    /// Dead letters in the order of their subscribers, and of each the oldest first.
    ///
    /// - Parameters:
    ///   - subscriber: the only one to look at, where there is one.
    ///   - last: the dead letter after which to begin.
    public func deadLetters(of subscriber: String? = nil, after last: (subscriber: String, place: Int64)? = nil, limit: Int) throws
        -> [StoredDeadLetter]
    {
        let start = last ?? (subscriber ?? "", 0)
        return try rows(
            """
            SELECT d.subscriber, d.sequence, o.event_id, o.type, o.aggregate_id, d.reason, d.attempts, o.created_at, d.died_at
            FROM hms_outbox_dead d JOIN hms_outbox o ON o.sequence = d.sequence
            WHERE (d.subscriber, d.sequence) > (?, ?) AND d.subscriber <= ? ORDER BY d.subscriber, d.sequence LIMIT ?
            """, [.text(start.subscriber), .integer(start.place), .text(subscriber ?? "\u{10FFFF}"), SQLValue(limit)]
        ) { row in
            StoredDeadLetter(
                subscriber: row.text(0), place: row.int64(1), eventID: row.text(2), type: row.text(3), aggregateID: row.text(4),
                reason: row.text(5), attempts: row.int(6), createdAt: row.int64(7), diedAt: row.int64(8))
        }
    }

    /// How many there are of each subscriber that has some.
    public func deadLetterCounts() throws -> [String: Int] {
        let counts = try rows("SELECT subscriber, count(*) FROM hms_outbox_dead GROUP BY subscriber") { ($0.text(0), $0.int(1)) }
        return Dictionary(counts) { first, _ in first }
    }
}

extension Transaction {
    /// Gives the dead letters of one event all their tries again; returns how many there were.
    ///
    /// - Parameter subscriber: the only one for whom it is revived, where there is one.
    public func revive(eventID: String, for subscriber: String? = nil) throws -> Int {
        try revive(
            try rows(
                """
                SELECT d.subscriber, d.sequence, o.aggregate_id, o.type
                FROM hms_outbox o JOIN hms_outbox_dead d ON d.sequence = o.sequence WHERE o.event_id = ?
                """, [.text(eventID)], Burial.init
            ).filter { subscriber == nil || subscriber == $0.subscriber })
    }

    /// Gives the first dead letters, `limit` at most, all their tries again; returns how many there were.
    public func reviveDeadLetters(of subscriber: String?, limit: Int) throws -> Int {
        try revive(
            try deadLetters(of: subscriber, limit: limit).map {
                Burial(subscriber: $0.subscriber, sequence: $0.place, aggregateID: $0.aggregateID, type: $0.type)
            })
    }

    private func revive(_ burials: [Burial]) throws -> Int {
        for burial in burials {
            try execute(
                "DELETE FROM hms_outbox_dead WHERE subscriber = ? AND sequence = ?", [.text(burial.subscriber), .integer(burial.sequence)])
            try sendAgain(burial.sequence, of: burial.aggregateID, to: burial.subscriber)
            publishedTypes.insert(burial.type)
        }
        return burials.count
    }
}

/// Where a dead letter lies.
private struct Burial {
    let subscriber: String
    let sequence: Int64
    let aggregateID: String
    let type: String

    init(subscriber: String, sequence: Int64, aggregateID: String, type: String) {
        self.subscriber = subscriber
        self.sequence = sequence
        self.aggregateID = aggregateID
        self.type = type
    }

    init(_ row: borrowing Row) {
        self.init(subscriber: row.text(0), sequence: row.int64(1), aggregateID: row.text(2), type: row.text(3))
    }
}
