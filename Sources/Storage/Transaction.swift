/// Statements of one write. It lives only inside the closure of ``Database/write(_:)``; it reads what it wrote.
public final class Transaction: Reader {
    private(set) var commitHooks: [@Sendable () -> Void] = []
    /// The types of the events that were published: whoever wants one of them is woken, once per commit.
    var publishedTypes: Set<String> = []

    /// Runs one statement and returns how many rows it inserted, updated or deleted.
    @discardableResult
    public func execute(_ sql: String, _ arguments: [SQLValue] = []) throws -> Int {
        try session.run(sql, arguments)
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
