import Synchronization

/// Places of the outbox that nobody has filled, in a database that several transactions write at once.
///
/// A transaction takes the place of an event before it commits, so a later place may be seen before an earlier one, or the
/// earlier one never where its transaction was undone. An event behind such a gap waits until every transaction has ended that
/// ran when the gap was seen first: whoever took a place in it had begun by then.
final class OutboxGaps: Sendable {
    /// The last place that was seen then, and the first transaction that had not begun.
    private struct Sight {
        let end: Int64
        let horizon: Int64
    }

    private struct State {
        /// Nothing can come up to here any more.
        var solidEnd: Int64 = 0
        var sight: Sight?
    }

    private let state = Mutex(State())

    /// The last place up to which nothing can come any more.
    ///
    /// - Parameter end: the last place behind `position` that is looked at, `count` of which are filled.
    func solidEnd(after position: Int64, upTo end: Int64, count: Int, _ reader: Reader) throws -> Int64 {
        if end - position == Int64(count) { return end }
        let running = try reader.runningTransactions()
        let start = state.withLock { state in
            if let sight = state.sight, sight.horizon <= running.first { (state.solidEnd, state.sight) = (sight.end, nil) }
            return max(position, state.solidEnd)
        }
        let solid = start >= end ? end : try reader.endOfUnbroken(after: start, upTo: end) ?? start
        // What waits already is not made to wait for those who came later.
        if solid < end { state.withLock { $0.sight = $0.sight ?? Sight(end: end, horizon: running.next) } }
        return solid
    }
}

extension Reader {
    /// The oldest transaction that runs, and the one that begins next, as this read's state has it. PostgreSQL's own: no other
    /// engine has two writers.
    fileprivate func runningTransactions() throws -> (first: Int64, next: Int64) {
        let sql = "SELECT pg_snapshot_xmin(running), pg_snapshot_xmax(running) FROM pg_current_snapshot() running"
        return try row(sql) { ($0.int64(0), $0.int64(1)) } ?? (0, 0)
    }

    /// The last of the places that follow `start` without a gap; nil where not even the first is filled.
    fileprivate func endOfUnbroken(after start: Int64, upTo end: Int64) throws -> Int64? {
        try row(
            """
            SELECT max(sequence) FROM (
                SELECT sequence, row_number() OVER (ORDER BY sequence) AS number FROM hms_outbox WHERE sequence > ? AND sequence <= ?) w
            WHERE sequence = ? + number
            """, [.integer(start), .integer(end), .integer(start)]
        ) { $0.int64OrNil(0) } ?? nil
    }
}
