/// Statements of one write. It lives only inside the closure of ``Database/write(_:)``; it reads what it wrote.
public final class Transaction: Reader {
    private(set) var commitHooks: [@Sendable () -> Void] = []
    /// The types of the events that were published: whoever wants one of them is woken, once per commit.
    var publishedTypes: Set<String> = []
    /// What the events that are published here are part of; nil where nobody wants to know.
    public var origin: WorkOrigin?
    /// The names of the fields that are changed here; nil where nobody wants to know them.
    public var changedFields: Set<String>?

    /// Runs one statement and returns how many rows it inserted, updated or deleted.
    @discardableResult
    public func execute(_ sql: String, _ arguments: [SQLValue] = []) throws -> Int {
        try session.run(sql, arguments)
    }

    /// Runs a statement whose count of rows nobody needs.
    ///
    /// On PostgreSQL it travels with the next statement that is asked for something, or with the commit, so that it costs no
    /// round trip of its own. What goes wrong with it is thrown there: by the next statement, by the end of an ``attempt(_:)``
    /// or by the write.
    public func enqueue(_ sql: String, _ arguments: [SQLValue] = []) throws {
        try session.enqueue(sql, arguments)
    }

    /// Runs a statement whose first row is wanted later, made into a value: as ``enqueue(_:_:)``, so that several that are asked
    /// for something cost one round trip.
    public func pendingRow<T>(
        _ sql: String, _ arguments: [SQLValue] = [], _ make: @escaping (borrowing Row) throws -> T
    ) throws -> PendingRow<T> {
        try session.pendingRow(sql, arguments, make)
    }

    /// Runs statements of which one may fail, and the transaction goes on: what they did is undone, the error thrown.
    ///
    /// A statement that failed outside of an attempt dooms its transaction on every engine, as PostgreSQL has it: later
    /// statements throw, and nothing is committed.
    public func attempt<T>(_ body: () throws -> T) throws -> T {
        try session.attempt(body)
    }

    /// Calls `hook` once this write is durable, and never when it is not. It runs on the writer's thread: wake somebody,
    /// do nothing else. A process that dies in between calls nobody.
    public func onCommit(_ hook: @escaping @Sendable () -> Void) {
        commitHooks.append(hook)
    }

    /// Hands over what is to happen after the commit, and is ready for the next write.
    func takeAfterCommit() -> (hooks: [@Sendable () -> Void], publishedTypes: Set<String>) {
        defer {
            commitHooks = []
            publishedTypes = []
        }
        return (commitHooks, publishedTypes)
    }
}
