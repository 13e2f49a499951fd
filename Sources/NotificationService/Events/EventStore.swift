import Contracts
import ProtobufJSON
import ServiceKit
import Storage
import Vocabulary

/// Something that has happened, as the table holds it.
struct StoredHospitalEvent: StoredRecord {
    static let kind = RecordKind.event
    static let table = "events"
    static let columns = "seq, body"

    let sequence: Int64
    let event: HospitalEvent

    init(_ row: borrowing Row) throws {
        sequence = row.int64(0)
        event = try HospitalEvent(json: row.text(1))
    }
}

extension Reader {
    /// The oldest first.
    ///
    /// - Throws: `EVENT_NOT_FOUND` where the list is to begin behind an event that is not kept.
    func events(matching filter: EventFilter, on page: PageRequest<Int64>) throws -> ListPage<StoredHospitalEvent> {
        guard let position = try page.position ?? start(of: filter) else { return .empty }
        var (conditions, arguments) = ("seq > ?", [SQLValue.integer(position)])
        if let eventType = filter.eventType {
            conditions += " AND event_type = ?"
            arguments.append(.text(eventType))
        }
        if let since = filter.since {
            conditions += " AND CASE WHEN occurred_at >= ? THEN 1 ELSE 0 END = 1"
            arguments.append(.integer(since.millisecondsSinceEpoch))
        }
        let found = try rows(
            "SELECT \(StoredHospitalEvent.columns) FROM events WHERE \(conditions) ORDER BY seq LIMIT ?",
            arguments + [SQLValue(page.limit)], StoredHospitalEvent.init)
        return page.page(of: found, \.sequence)
    }

    /// Behind what the first page begins; nil where there is nothing that it could hold.
    private func start(of filter: EventFilter) throws -> Int64? {
        if let after = filter.after { return try (record(after) as StoredHospitalEvent).sequence }
        guard let since = filter.since else { return 0 }
        let first = try row("SELECT min(seq) FROM events WHERE occurred_at >= ?", [.integer(since.millisecondsSinceEpoch)]) {
            $0.int64OrNil(0)
        }
        return (first ?? nil).map { $0 - 1 }
    }
}

extension Transaction {
    /// Leaves one of the same id as it is.
    func insert(_ event: Event, body: String, receivedAt now: Instant) throws {
        try takeTurn(at: "events")
        try enqueue(
            """
            INSERT INTO events (event_id, event_type, occurred_at, received_at, body) VALUES (?, ?, ?, ?, ?)
            ON CONFLICT (event_id) DO NOTHING
            """,
            [
                .text(event.eventID), .text(event.eventType), .integer((event.occurredAt?.instant ?? now).millisecondsSinceEpoch),
                .integer(now.millisecondsSinceEpoch), .text(body),
            ])
    }

    /// Deletes the oldest events, but never the newest of all; returns how many.
    func deleteEvents(receivedBefore instant: Instant, limit: Int) throws -> Int {
        try execute(
            """
            DELETE FROM events WHERE seq IN (SELECT seq FROM events WHERE received_at < ? ORDER BY received_at, seq LIMIT \(limit))
                AND seq < (SELECT max(seq) FROM events)
            """, [.integer(instant.millisecondsSinceEpoch)])
    }
}
