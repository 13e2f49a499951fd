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
    /// kept.
    @discardableResult
    public func purgeOutbox(heardBy hearers: [OutboxHearer], createdBefore instant: Int64) async throws -> Int {
        var purged = 0
        var type = ""
        while let next = try await read({ [type] in try $0.outboxType(after: type) }) {
            purged += try await purgeOutbox(of: next, heardBy: hearers.filter { $0.wants(next) }.map(\.name), instant)
            type = next
        }
        return purged
    }

    /// Goes through the events of one type by their places, until a page has none that is old enough.
    private func purgeOutbox(of type: String, heardBy names: [String], _ instant: Int64) async throws -> Int {
        let settled = try await read { try $0.placeHeard(byAll: names) }
        var purged = 0
        var position: Int64 = 0
        while true {
            let page = try await read { [position] in try $0.outboxPage(of: type, after: position, upTo: settled) }
            guard let last = page.last, page.contains(where: { $0.createdAt < instant }) else { return purged }
            purged += try await write { [position] in
                try $0.purgeOutbox(of: type, after: position, upTo: last.place, createdBefore: instant)
            }
            position = last.place
        }
    }
}

extension Reader {
    /// The next type that the outbox has events of, in alphabetical order.
    fileprivate func outboxType(after type: String) throws -> String? {
        try row("SELECT type FROM hms_outbox WHERE type > ? ORDER BY type LIMIT 1", [.text(type)]) { $0.text(0) }
    }

    /// The place up to which all of these subscribers have been sent everything.
    fileprivate func placeHeard(byAll names: [String]) throws -> Int64 {
        try names.map { name in
            try row("SELECT position FROM hms_outbox_cursors WHERE subscriber = ?", [.text(name)]) { $0.int64(0) } ?? 0
        }.min() ?? .max
    }

    fileprivate func outboxPage(of type: String, after position: Int64, upTo end: Int64) throws -> [(place: Int64, createdAt: Int64)] {
        try rows(
            "SELECT sequence, created_at FROM hms_outbox WHERE type = ? AND sequence > ? AND sequence <= ? ORDER BY sequence LIMIT ?",
            [.text(type), .integer(position), .integer(end), SQLValue(purgeChunk)]
        ) { ($0.int64(0), $0.int64(1)) }
    }
}

extension Transaction {
    fileprivate func purgeOutbox(of type: String, after position: Int64, upTo end: Int64, createdBefore instant: Int64) throws -> Int {
        try execute(
            """
            DELETE FROM hms_outbox WHERE type = ? AND sequence > ? AND sequence <= ? AND created_at < ?
            AND NOT EXISTS (SELECT 1 FROM hms_outbox_held h WHERE h.sequence = hms_outbox.sequence)
            AND NOT EXISTS (SELECT 1 FROM hms_outbox_dead d WHERE d.sequence = hms_outbox.sequence)
            """, [.text(type), .integer(position), .integer(end), .integer(instant)])
    }
}
