/// Statements of one write. It lives only inside the closure of ``Database/write(_:)``; it reads what it wrote.
public final class Transaction: Reader {
    private(set) var commitHooks: [@Sendable () -> Void] = []
    /// Whether events were published: the relay is woken once per commit, however many there are.
    var hasPublished = false

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
    func takeAfterCommit() -> (hooks: [@Sendable () -> Void], hasPublished: Bool) {
        defer {
            commitHooks = []
            hasPublished = false
        }
        return (commitHooks, hasPublished)
    }
}
