/// What one subscriber is to be sent next.
struct OutboxWork: Sendable {
    /// The oldest events that were never tried.
    var fresh: [StoredEvent] = []
    /// Everything up to here is in `fresh`, or is nothing that the subscriber wants; nil where nothing is new.
    var position: Int64?
    /// The oldest event of each aggregate that has some set aside, as far as it is due.
    var due: [StoredEvent] = []
    /// When the next event that was set aside is due, in milliseconds since 1970; nil where there is none.
    var nextDue: Int64?
    /// The event that the subscriber applied last.
    var lastApplied: String?
    /// Whether there are later ones, before which others may still come.
    var waitsForOthers = false

    var isEmpty: Bool { position == nil && due.isEmpty }

    /// Whether several events came at once, and all of them are in here: more come soon, and cost less together.
    func isPartOfRush(limit: Int) -> Bool { fresh.count > 1 && fresh.count < limit }
}

/// One subscriber's view of the outbox: a position that everything before was settled, and the events set aside for
/// another try, in their order per aggregate.
struct OutboxStore: Sendable {
    let database: Database
    let subscriber: String
    let types: Set<String>?
    /// Places that others may still fill; nil where nobody else writes.
    var gaps: OutboxGaps?

    /// Events that are looked at in one read to find those of the types that are wanted.
    private static let window = 1_000

    /// What is to be done at `now`, at most `limit` events of each sort.
    func work(limit: Int, at now: Int64) async throws -> OutboxWork {
        try await database.read { [self] reader in
            var work = OutboxWork()
            let cursor = try reader.row("SELECT position, mark FROM hms_outbox_cursors WHERE subscriber = ?", [.text(subscriber)]) {
                (position: $0.int64(0), mark: $0.textOrNil(1))
            }
            work.lastApplied = cursor?.mark
            try findFresh(&work, after: cursor?.position ?? 0, limit, reader)
            work.due = try reader.due(for: subscriber, at: now, limit: limit)
            work.nextDue = try reader.nextDue(for: subscriber)
            return work
        }
    }

    /// A subscriber is woken only for what it wants, so the events in between are passed over a window at a time.
    private func findFresh(_ work: inout OutboxWork, after position: Int64, _ limit: Int, _ reader: Reader) throws {
        let window = try reader.window(after: position, limit: Self.window)
        guard let last = window.end else { return }
        let end = try gaps?.solidEnd(after: position, upTo: last, count: window.count, reader) ?? last
        work.waitsForOthers = end < last
        guard end > position else { return }
        work.fresh = try reader.fresh(for: subscriber, types, in: position + 1...end, limit: limit)
        if let last = work.fresh.last {
            work.position = work.fresh.count < limit ? end : last.sequence
        } else if window.count == Self.window {
            work.position = end
        }
    }
}

extension Reader {
    /// The place of the last of the next events, `limit` at most, and how many they are.
    fileprivate func window(after position: Int64, limit: Int) throws -> (end: Int64?, count: Int) {
        try row(
            "SELECT max(sequence), count(*) FROM (SELECT sequence FROM hms_outbox WHERE sequence > ? ORDER BY sequence LIMIT ?) w",
            [.integer(position), SQLValue(limit)]
        ) { ($0.int64OrNil(0), $0.int(1)) } ?? (nil, 0)
    }

    /// The window is read by place, which finds the next events at once however many of other types there are.
    fileprivate func fresh(for subscriber: String, _ types: Set<String>?, in window: ClosedRange<Int64>, limit: Int) throws -> [StoredEvent]
    {
        let wanted = types.map { "WHERE w.type IN (\($0.map { _ in "?" }.joined(separator: ", ")))" } ?? ""
        return try rows(
            """
            SELECT o.sequence, o.event_id, o.type, o.aggregate_id, o.payload, o.correlation_id, o.created_at, o.traceparent, o.tracestate,
                EXISTS (SELECT 1 FROM hms_outbox_held h WHERE h.subscriber = ? AND h.aggregate_id = o.aggregate_id)
            FROM (SELECT sequence, type FROM hms_outbox WHERE sequence BETWEEN ? AND ? ORDER BY sequence LIMIT ?) w
            JOIN hms_outbox o ON o.sequence = w.sequence \(wanted)
            ORDER BY w.sequence LIMIT ?
            """,
            [.text(subscriber), .integer(window.lowerBound), .integer(window.upperBound), SQLValue(Int(window.count))]
                + (types ?? []).sorted().map { .text($0) } + [SQLValue(limit)]
        ) { row in
            StoredEvent(sequence: row.int64(0), event: OutboxEvent(row), waitsBehind: row.bool(9))
        }
    }

    fileprivate func due(for subscriber: String, at now: Int64, limit: Int) throws -> [StoredEvent] {
        try rows(
            """
            SELECT o.sequence, o.event_id, o.type, o.aggregate_id, o.payload, o.correlation_id, o.created_at, o.traceparent, o.tracestate,
                h.attempts, h.tries
            FROM hms_outbox_held h JOIN hms_outbox o ON o.sequence = h.sequence
            WHERE h.subscriber = ? AND h.due_at <= ? ORDER BY h.due_at, h.sequence LIMIT ?
            """, [.text(subscriber), .integer(now), SQLValue(limit)]
        ) { row in
            StoredEvent(sequence: row.int64(0), event: OutboxEvent(row), refusals: row.int(9), tries: row.int(10))
        }
    }

    fileprivate func nextDue(for subscriber: String) throws -> Int64? {
        try row(
            "SELECT due_at FROM hms_outbox_held WHERE subscriber = ? AND due_at IS NOT NULL ORDER BY due_at LIMIT 1", [.text(subscriber)]
        ) { $0.int64(0) }
    }
}

extension OutboxEvent {
    /// From the columns after the sequence.
    init(_ row: borrowing Row) {
        self.init(
            id: row.text(1), type: row.text(2), aggregateID: row.text(3), payload: row.blob(4), correlationID: row.text(5),
            createdAt: row.int64(6), origin: WorkOrigin(row))
    }
}

extension WorkOrigin {
    /// From the same columns. A program before this one writes no state beside the trace.
    fileprivate init?(_ row: borrowing Row) {
        guard let traceparent = row.textOrNil(7) else { return nil }
        self.init(traceparent: traceparent, traceState: row.textOrNil(8))
    }
}
