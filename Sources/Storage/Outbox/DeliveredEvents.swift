/// Events that a subscriber has been sent, and of which it is to be asked whether it has applied them.
public struct DeliveredEvents: Sendable {
    public let events: [DeliveredEvent]
    /// Where the asking began, where it is to go on, and how often the subscriber had been set back by then.
    fileprivate let start: Int64
    fileprivate let end: Int64
    fileprivate let setBacks: Int64
    /// Whether there may be more.
    public let hasMore: Bool
    /// The event that the subscriber applied last, as far as is known.
    public let lastApplied: String?

    fileprivate static let none = DeliveredEvents(events: [], start: 0, end: 0, setBacks: 0, hasMore: false, lastApplied: nil)
}

/// An event that was sent, as far as asking for it needs.
public struct DeliveredEvent: Hashable, Sendable {
    public let place: Int64
    public let id: String
    public let type: String
    public let aggregateID: String
}

extension Database {
    /// The next events that were sent to a subscriber and of which it was not yet asked whether it has applied them,
    /// without those that wait for another try or were given up.
    public func eventsToAsk(of hearer: OutboxHearer, limit: Int) async throws -> DeliveredEvents {
        try await scan { reader in
            let cursor = try reader.row(
                "SELECT checked, position, set_backs, mark FROM hms_outbox_cursors WHERE subscriber = ?", [.text(hearer.name)]
            ) { (checked: $0.int64(0), position: $0.int64(1), setBacks: $0.int64(2), mark: $0.textOrNil(3)) }
            guard let cursor else { return .none }
            let found = try reader.delivered(to: hearer.name, after: cursor.checked, upTo: cursor.position, limit: limit)
            let isFull = found.count == limit
            return DeliveredEvents(
                events: found.filter { !$0.isOpen && hearer.wants($0.event.type) }.map(\.event), start: cursor.checked,
                end: isFull ? found.last?.event.place ?? cursor.position : max(cursor.position, cursor.checked),
                setBacks: cursor.setBacks, hasMore: isFull, lastApplied: cursor.mark)
        }
    }

    /// Notes that a subscriber has applied all of `asked` but what is `missing`, which the relay sends again. Where it was
    /// set back since it was asked, the asking begins anew in spite of that.
    public func noteAsked(_ asked: DeliveredEvents, of subscriber: String, missing: [DeliveredEvent]) async throws {
        if missing.isEmpty && asked.start == asked.end { return }
        try await write { transaction in
            try transaction.execute(
                "UPDATE hms_outbox_cursors SET checked = ? WHERE subscriber = ? AND checked = ? AND set_backs = ?",
                [.integer(asked.end), .text(subscriber), .integer(asked.start), .integer(asked.setBacks)])
            for event in missing {
                try transaction.sendAgain(event.place, of: event.aggregateID, to: subscriber)
                transaction.publishedTypes.insert(event.type)
            }
        }
    }

    /// Notes that a subscriber has lost what it had applied last: it is asked for everything that is kept.
    public func noteSetBack(of subscriber: String) async throws {
        try await write { transaction in
            try transaction.noteSetBack(of: subscriber)
            try transaction.execute("UPDATE hms_outbox_cursors SET mark = NULL WHERE subscriber = ?", [.text(subscriber)])
        }
    }

    /// The first place in the outbox of which the subscriber may be sent something again; nil where it was never sent
    /// anything.
    public func firstPlaceKept(for subscriber: String) async throws -> Int64? {
        try await read { reader in
            try reader.row(
                """
                SELECT COALESCE((SELECT min(sequence) FROM hms_outbox), position + 1),
                    CASE WHEN mark IS NULL THEN position + 1 ELSE mark_sequence END
                FROM hms_outbox_cursors WHERE subscriber = ?
                """, [.text(subscriber)]
            ) { min($0.int64(0), $0.int64(1)) }
        }
    }
}

extension Transaction {
    func noteSetBack(of subscriber: String) throws {
        try execute("UPDATE hms_outbox_cursors SET checked = 0, set_backs = set_backs + 1 WHERE subscriber = ?", [.text(subscriber)])
    }
}

extension Reader {
    fileprivate func delivered(
        to subscriber: String, after position: Int64, upTo end: Int64, limit: Int
    ) throws -> [(event: DeliveredEvent, isOpen: Bool)] {
        try rows(
            """
            SELECT o.sequence, o.event_id, o.type, o.aggregate_id,
                EXISTS (SELECT 1 FROM hms_outbox_held h WHERE h.subscriber = ? AND h.sequence = o.sequence)
                OR EXISTS (SELECT 1 FROM hms_outbox_dead d WHERE d.subscriber = ? AND d.sequence = o.sequence)
            FROM hms_outbox o WHERE o.sequence > ? AND o.sequence <= ? ORDER BY o.sequence LIMIT ?
            """, [.text(subscriber), .text(subscriber), .integer(position), .integer(end), SQLValue(limit)]
        ) { row in
            (DeliveredEvent(place: row.int64(0), id: row.text(1), type: row.text(2), aggregateID: row.text(3)), row.bool(4))
        }
    }
}
