/// What `Database` asks of an engine: SQLite's, embedded, or PostgreSQL's.
protocol StorageEngine: Sendable {
    func read<T: Sendable>(_ body: @escaping @Sendable (Reader) throws -> T) async throws -> T
    func readAtOnce<T>(_ body: (Reader) throws -> T) throws -> T?
    func scan<T: Sendable>(_ body: @escaping @Sendable (Reader) throws -> T) async throws -> T
    /// Reads as ``scan(_:)`` does, but perhaps what was there a moment ago.
    func report<T: Sendable>(_ body: @escaping @Sendable (Reader) throws -> T) async throws -> T
    func write<T: Sendable>(_ body: @escaping @Sendable (Transaction) throws -> T) async throws -> T
    /// Begins to hear of events that other processes commit. More than once is once.
    func hearOfEvents()
    var counts: StorageCounts { get }
    /// Whether other processes may use the database at the same time: what one must do alone, it does under a ``Lease``.
    var isShared: Bool { get }
    /// As of the last write that found no room, the last try, or the opening.
    var condition: StorageCondition { get }
    /// Tries whether there is room again; what came of it is the ``condition``.
    func tryRoom() async throws
    func backup(to path: String) async throws
    func hold(for limit: Duration) async throws -> WriteHold
    /// Lets nothing be left in its files of what was deleted or written over.
    func scrub() async throws
    func check() async throws
    func close() async
}

/// One connection inside its transaction, as `Reader` and `Transaction` use it.
protocol SQLSession: AnyObject {
    var dialect: SQLDialect { get }
    /// Runs a statement to its end and returns how many rows it inserted, updated or deleted.
    func run(_ sql: String, _ arguments: [SQLValue]) throws -> Int
    /// Runs a statement some time before the transaction commits, at the latest before the next one whose result is wanted.
    func enqueue(_ sql: String, _ arguments: [SQLValue]) throws
    /// The same for a statement whose first row is wanted later.
    func pendingRow<T>(_ sql: String, _ arguments: [SQLValue], _ make: @escaping (borrowing Row) throws -> T) throws -> PendingRow<T>
    /// Calls `body` with each row until it returns `false`.
    func forEachRow(_ sql: String, _ arguments: [SQLValue], _ body: (borrowing Row) throws -> Bool) throws
    /// The same for results that may be longer than memory holds.
    func forEachRowOfMany(_ sql: String, _ arguments: [SQLValue], _ body: (borrowing Row) throws -> Bool) throws
    /// Whether the statement has a row.
    func hasRow(_ sql: String, _ arguments: [SQLValue]) throws -> Bool
    /// Runs statements; a failure among them undoes what they did, and nothing else.
    func attempt<T>(_ body: () throws -> T) throws -> T
}
