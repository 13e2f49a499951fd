/// The events that one subscriber has not taken yet.
public struct OutboxBacklog: Hashable, Sendable {
    /// Those not tried yet, and those that wait for another try; dead letters are none of them.
    public let count: Int
    /// When the oldest of them happened, in milliseconds since 1970 by the hospital's clock; nil where there is none.
    public let oldestAt: Int64?
}

extension Reader {
    /// Takes time in proportion to the backlog.
    ///
    /// - Parameter types: those that the subscriber wants.
    public func backlog(of subscriber: String, types: Set<String>) throws -> OutboxBacklog {
        let position = try row("SELECT position FROM hms_outbox_cursors WHERE subscriber = ?", [.text(subscriber)]) { $0.int64(0) } ?? 0
        let fresh = try row(
            "SELECT count(*), min(created_at) FROM hms_outbox WHERE sequence > ? AND ? LIKE '% ' || type || ' %'",
            [.integer(position), .text(" \(types.sorted().joined(separator: " ")) ")]
        ) { (count: $0.int(0), oldest: $0.int64OrNil(1)) }
        let held = try row("SELECT count(*), min(sequence) FROM hms_outbox_held WHERE subscriber = ?", [.text(subscriber)]) {
            (count: $0.int(0), first: $0.int64OrNil(1))
        }
        // What was published first is what happened first, or near enough.
        let oldestHeld = try held?.first.flatMap { first in
            try row("SELECT created_at FROM hms_outbox WHERE sequence = ?", [.integer(first)]) { $0.int64(0) }
        }
        return OutboxBacklog(
            count: (fresh?.count ?? 0) + (held?.count ?? 0), oldestAt: [fresh?.oldest, oldestHeld].compactMap(\.self).min())
    }
}
