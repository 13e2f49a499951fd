/// What `Database` asks of an engine. SQLite is the one there is; PostgreSQL takes its place behind this protocol, and no
/// service changes.
///
/// What a PostgreSQL engine must do to keep the same promises:
/// - `read` and `scan`: one `REPEATABLE READ, READ ONLY` transaction per call, so that all statements see one snapshot;
///   `scan` differs only by its `statement_timeout` and its share of the connections.
/// - `write`: a `SERIALIZABLE` transaction with `synchronous_commit = on`, repeated from the start on SQLSTATE 40001 and
///   40P01 a bounded number of times, then ``StorageError/busy``. This is why a body may run more than once. Writes of
///   several callers may share a commit by a savepoint each, as on SQLite, or leave grouping to the server's `commit_delay`.
/// - `?` parameters become `$1…`; text is UTF-8, blobs are `bytea`, integers are `bigint`.
/// - SQLSTATE 23505, 23514, 23503, 23502, 53100 and 57014 map to the cases of ``StorageError``; the constraint's name comes
///   from the error's fields, never its message or detail, which may hold values.
/// - migrations run under an advisory lock, so that of several processes one migrates and the others wait.
/// - the outbox relay of a service runs in one process at a time (advisory lock) and reads no further than
///   `pg_snapshot_xmin`, because sequences are handed out before transactions commit.
/// - idempotency claims become advisory locks on the key's hash, so that they hold across processes.
protocol StorageEngine: Sendable {
    func read<T: Sendable>(_ body: @escaping @Sendable (Reader) throws -> T) async throws -> T
    func readAtOnce<T>(_ body: (Reader) throws -> T) throws -> T?
    func scan<T: Sendable>(_ body: @escaping @Sendable (Reader) throws -> T) async throws -> T
    func write<T: Sendable>(_ body: @escaping @Sendable (Transaction) throws -> T) async throws -> T
    var counts: StorageCounts { get }
    /// Whether other processes may use the database at the same time: what one must do alone, it does under a ``Lease``.
    var isShared: Bool { get }
    /// As of the last write that found no room, the last try, or the opening.
    var condition: StorageCondition { get }
    /// Tries whether there is room again; what came of it is the ``condition``.
    func tryRoom() async throws
    func backup(to path: String) async throws
    func check() async throws
    func close() async
}

/// One connection inside its transaction, as `Reader` and `Transaction` use it.
protocol SQLSession: AnyObject {
    /// Runs a statement to its end and returns how many rows it inserted, updated or deleted.
    func run(_ sql: String, _ arguments: [SQLValue]) throws -> Int
    /// Runs a statement some time before the transaction commits, at the latest before the next one whose result is wanted.
    func enqueue(_ sql: String, _ arguments: [SQLValue]) throws
    /// Calls `body` with each row until it returns `false`.
    func forEachRow(_ sql: String, _ arguments: [SQLValue], _ body: (borrowing Row) throws -> Bool) throws
    /// Whether the statement has a row.
    func hasRow(_ sql: String, _ arguments: [SQLValue]) throws -> Bool
    /// Runs statements; a failure among them undoes what they did, and nothing else.
    func attempt<T>(_ body: () throws -> T) throws -> T
}
