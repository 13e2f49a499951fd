/// Who hears of events of which types, whether it can be reached or not.
public struct OutboxHearer: Hashable, Sendable {
    public let name: String
    /// The types it wants; `nil` is all.
    public let types: Set<String>?

    public init(name: String, types: Set<String>? = nil) {
        self.name = name
        self.types = types
    }

    func wants(_ type: String) -> Bool { types?.contains(type) ?? true }
}

/// Rows that one write looks at or deletes at most, so that no other write waits long.
let purgeChunk = 500

extension Database {
    /// Forgets events made before `instant` (UTC milliseconds) that each of those who hear of their type has received;
    /// returns how many. What nobody hears of is forgotten by its age alone; what waits for another try or was given up is
    /// kept, and so is the last event of all: the next one gets the place after it, so no place is ever used twice.
    ///
    /// Goes through the events in their order, until a page has none that is old enough.
    @discardableResult
    public func purgeOutbox(heardBy hearers: [OutboxHearer], createdBefore instant: Int64) async throws -> Int {
        let heard = try await read { reader in
            try hearers.map { (hearer: $0, place: try reader.placeHeard(by: $0.name)) }
        }
        var purged = 0
        var position: Int64 = 0
        while true {
            let page = try await read { [position] in try $0.outboxPage(after: position, createdBefore: instant) }
            let settled = page.settled { type in heard.filter { $0.hearer.wants(type) }.map(\.place).min() ?? .max }
            if !settled.isEmpty {
                purged += try await write { transaction in
                    try settled.count { try transaction.forgetEvent(at: $0) }
                }
            }
            guard let end = page.end else { return purged }
            position = end
        }
    }
}

/// Some events as the purge looks at them.
private struct OutboxPage {
    let events: [(place: Int64, type: String)]
    /// Where the next page begins; nil where there is nothing old any more.
    let end: Int64?

    /// The places of those that everybody has received who hears of their type.
    func settled(upTo place: (_ type: String) -> Int64) -> [Int64] {
        var places: [String: Int64] = [:]
        return events.compactMap { event in
            let settled = places[event.type] ?? place(event.type)
            places[event.type] = settled
            return event.place <= settled ? event.place : nil
        }
    }
}

extension Reader {
    /// The place up to which a subscriber has been sent everything.
    fileprivate func placeHeard(by name: String) throws -> Int64 {
        try row("SELECT position FROM hms_outbox_cursors WHERE subscriber = ?", [.text(name)]) { $0.int64(0) } ?? 0
    }

    /// The next events, as far as they are old enough.
    fileprivate func outboxPage(after position: Int64, createdBefore instant: Int64) throws -> OutboxPage {
        let events = try rows(
            "SELECT sequence, type, created_at FROM hms_outbox WHERE sequence > ? ORDER BY sequence LIMIT ?",
            [.integer(position), SQLValue(purgeChunk)]
        ) { (place: $0.int64(0), type: $0.text(1), createdAt: $0.int64(2)) }
        let old = events.filter { $0.createdAt < instant }.map { ($0.place, $0.type) }
        return OutboxPage(events: old, end: old.isEmpty ? nil : events.last?.place)
    }
}

extension Transaction {
    /// Whether there was one that may be forgotten.
    fileprivate func forgetEvent(at place: Int64) throws -> Bool {
        try execute(
            """
            DELETE FROM hms_outbox WHERE sequence = ? AND sequence < (SELECT max(sequence) FROM hms_outbox)
            AND NOT EXISTS (SELECT 1 FROM hms_outbox_held h WHERE h.sequence = hms_outbox.sequence)
            AND NOT EXISTS (SELECT 1 FROM hms_outbox_dead d WHERE d.sequence = hms_outbox.sequence)
            """, [.integer(place)]) == 1
    }
}
