extension OutboxStore {
    /// Everything up to `position` is settled but what waits for another try and what is dead.
    ///
    /// Between the look at what there is to do and this, an older event may have been set aside to be sent again, and where this process
    /// stood still, another one may have delivered what is waited for: which event of an aggregate is due is found out here.
    ///
    /// - Parameter due: when an event is tried again, in milliseconds since 1970.
    func settle(
        upTo position: Int64, _ outcome: DeliveryOutcome, waiting: [StoredEvent], due: @escaping @Sendable (StoredEvent) -> Int64,
        at now: Int64
    ) async throws {
        try await database.write { [subscriber] transaction in
            for stored in outcome.failed { try transaction.hold(stored, for: subscriber, dueAt: due(stored)) }
            for stored in outcome.waiting + waiting { try transaction.hold(stored, for: subscriber, dueAt: nil) }
            for (stored, reason) in outcome.dead { try transaction.bury(stored, reason, for: subscriber, at: now) }
            try transaction.execute(
                """
                INSERT INTO hms_outbox_cursors (subscriber, position) VALUES (?, ?)
                ON CONFLICT (subscriber) DO UPDATE SET position = excluded.position
                """, [.text(subscriber), .integer(position)])
            for (stored, _) in outcome.dead { try transaction.promote(stored.event.aggregateID, for: subscriber) }
            for aggregateID in Set((outcome.failed + outcome.waiting + waiting).map(\.event.aggregateID)) {
                try transaction.order(aggregateID, for: subscriber)
            }
            try transaction.note(outcome, of: subscriber)
        }
    }

    /// What became of events that were set aside, each the oldest of its aggregate.
    func settleDue(_ outcome: DeliveryOutcome, due: @escaping @Sendable (StoredEvent) -> Int64, at now: Int64) async throws {
        try await database.write { [subscriber] transaction in
            for stored in outcome.failed { try transaction.hold(stored, for: subscriber, dueAt: due(stored)) }
            for (stored, reason) in outcome.dead { try transaction.bury(stored, reason, for: subscriber, at: now) }
            for stored in outcome.delivered + outcome.dead.map(\.stored) {
                try transaction.execute(
                    "DELETE FROM hms_outbox_held WHERE subscriber = ? AND sequence = ?", [.text(subscriber), .integer(stored.sequence)])
                try transaction.promote(stored.event.aggregateID, for: subscriber)
            }
            for stored in outcome.failed { try transaction.order(stored.event.aggregateID, for: subscriber) }
            try transaction.note(outcome, of: subscriber)
        }
    }

    /// Lets go of the pauses that an earlier process had set: the world may have changed meanwhile, and its clock too.
    func endPauses() async throws {
        let sql = "SELECT 1 FROM hms_outbox_held WHERE subscriber = ? AND due_at > 0"
        guard try await database.read({ [subscriber] in try $0.exists(sql, [.text(subscriber)]) }) else { return }
        try await database.write { [subscriber] transaction in
            try transaction.execute("UPDATE hms_outbox_held SET due_at = 0 WHERE subscriber = ? AND due_at > 0", [.text(subscriber)])
        }
    }
}

extension Transaction {
    /// Sets an event aside. One without a time waits behind an older one of its aggregate.
    func hold(_ stored: StoredEvent, for subscriber: String, dueAt: Int64?) throws {
        try execute(
            """
            INSERT INTO hms_outbox_held (subscriber, sequence, aggregate_id, attempts, tries, due_at) VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT (subscriber, sequence) DO UPDATE
            SET attempts = excluded.attempts, tries = excluded.tries, due_at = excluded.due_at
            """,
            [
                .text(subscriber), .integer(stored.sequence), .text(stored.event.aggregateID), SQLValue(stored.refusals),
                SQLValue(stored.tries), SQLValue(dueAt),
            ])
    }

    /// Sets an event aside that was sent before, so that it is sent again at once, and those that wait follow it.
    func sendAgain(_ sequence: Int64, of aggregateID: String, to subscriber: String) throws {
        try execute(
            """
            INSERT INTO hms_outbox_held (subscriber, sequence, aggregate_id, attempts, tries) VALUES (?, ?, ?, 0, 0)
            ON CONFLICT (subscriber, sequence) DO NOTHING
            """, [.text(subscriber), .integer(sequence), .text(aggregateID)])
        try order(aggregateID, for: subscriber)
    }

    /// Of the events of an aggregate that are set aside the oldest is due at some time, and the others wait behind it.
    fileprivate func order(_ aggregateID: String, for subscriber: String) throws {
        try execute(
            """
            UPDATE hms_outbox_held SET due_at = NULL WHERE subscriber = ? AND aggregate_id = ? AND due_at IS NOT NULL AND sequence >
                (SELECT min(sequence) FROM hms_outbox_held WHERE subscriber = ? AND aggregate_id = ?)
            """, [.text(subscriber), .text(aggregateID), .text(subscriber), .text(aggregateID)])
        try promote(aggregateID, for: subscriber)
    }

    /// Makes the oldest event of an aggregate that is set aside due, where it waited behind another.
    fileprivate func promote(_ aggregateID: String, for subscriber: String) throws {
        try execute(
            """
            UPDATE hms_outbox_held SET due_at = 0 WHERE subscriber = ? AND due_at IS NULL AND sequence =
                (SELECT min(sequence) FROM hms_outbox_held WHERE subscriber = ? AND aggregate_id = ?)
            """, [.text(subscriber), .text(subscriber), .text(aggregateID)])
    }

    fileprivate func bury(_ stored: StoredEvent, _ reason: String, for subscriber: String, at now: Int64) throws {
        try execute(
            """
            INSERT INTO hms_outbox_dead (subscriber, sequence, reason, attempts, died_at) VALUES (?, ?, ?, ?, ?)
            ON CONFLICT (subscriber, sequence) DO NOTHING
            """,
            [.text(subscriber), .integer(stored.sequence), .text(reason), SQLValue(stored.refusals), .integer(now)])
    }

    /// Remembers what the subscriber applied last, and that it has to be asked for everything where it was set back.
    fileprivate func note(_ outcome: DeliveryOutcome, of subscriber: String) throws {
        if let last = outcome.delivered.last {
            try execute(
                "UPDATE hms_outbox_cursors SET mark = ?, mark_sequence = ? WHERE subscriber = ?",
                [.text(last.event.id), .integer(last.sequence), .text(subscriber)])
        }
        if outcome.isSetBack { try noteSetBack(of: subscriber) }
    }
}
