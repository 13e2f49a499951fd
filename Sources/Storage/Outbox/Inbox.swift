extension Transaction {
    /// Whether `consumer` sees this event for the first time. Claim and effect commit together, so a second delivery
    /// finds the claim and does nothing.
    ///
    /// - Parameters:
    ///   - producer: who tells of it, and `place` where it lies in his outbox, so that the claim is kept for as long as he
    ///     can send it again (``Database/forgetReceipts(of:before:)``). Where he does not say, it is kept by its age.
    ///   - now: UTC milliseconds by the real clock.
    public func claim(
        _ eventID: String, consumer: String, from producer: String = "", place: Int64 = 0, at now: Int64
    ) throws -> Bool {
        try execute(
            "INSERT INTO hms_inbox (consumer, event_id, received_at, producer, place) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
            [.text(consumer), .text(eventID), .integer(now), .text(producer), .integer(place)]) == 1
    }
}

extension Reader {
    /// Whether `consumer` has ever applied the event.
    public func hasClaimed(_ eventID: String, _ consumer: String) throws -> Bool {
        try exists("SELECT 1 FROM hms_inbox WHERE consumer = ? AND event_id = ?", [.text(consumer), .text(eventID)])
    }
}

extension Database {
    /// Those of the events that `consumer` has never claimed.
    public func eventsNeverClaimed(_ ids: [String], by consumer: String) async throws -> [String] {
        try await scan { reader in try ids.filter { try !reader.hasClaimed($0, consumer) } }
    }

    /// Forgets the oldest receipts of what `producer` had in its outbox before `place`, because it has forgotten the events
    /// itself; returns whether there are more.
    public func forgetReceipts(of producer: String, before place: Int64) async throws -> Bool {
        let forgotten = try await write { transaction in
            try transaction.execute(
                """
                DELETE FROM hms_inbox WHERE (consumer, event_id) IN
                    (SELECT consumer, event_id FROM hms_inbox WHERE producer = ? AND place > 0 AND place < ? ORDER BY place LIMIT ?)
                """, [.text(producer), .integer(place), SQLValue(purgeChunk)])
        }
        return forgotten == purgeChunk
    }

    /// Forgets which events arrived before `instant` (UTC milliseconds), of those whose senders did not say their places.
    @discardableResult
    public func purgeInbox(receivedBefore instant: Int64) async throws -> Int {
        var purged = 0
        while true {
            let count = try await write { transaction in
                try transaction.execute(
                    """
                    DELETE FROM hms_inbox WHERE (consumer, event_id) IN
                        (SELECT consumer, event_id FROM hms_inbox WHERE place = 0 AND received_at < ? LIMIT ?)
                    """, [.integer(instant), SQLValue(purgeChunk)])
            }
            purged += count
            if count < purgeChunk { return purged }
        }
    }
}
