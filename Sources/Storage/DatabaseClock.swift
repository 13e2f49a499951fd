/// The clock by which processes that share a database judge what one of them has written for another: when a hold ends, when a
/// payment is taken up. It is the machine's with SQLite, which one process has, and the server's with PostgreSQL, whatever those
/// of the processes show.
///
/// A statement asks for it by `(SELECT milliseconds FROM hms_clock)`.
extension Reader {
    /// Milliseconds since 1970, UTC.
    public func realTime() throws -> Int64 {
        try row("SELECT milliseconds FROM hms_clock") { $0.int64(0) } ?? 0
    }
}

extension Database {
    /// Milliseconds since 1970, UTC, by the clock that all who share the database have in common.
    public func realTime() async throws -> Int64 {
        try await read { try $0.realTime() }
    }
}
