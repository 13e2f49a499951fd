/// The first row of a statement that travels with others. It lives only inside the closure of ``Database/write(_:)``.
public final class PendingRow<Value> {
    private var value: Value?
    /// What waits for the answer; nil once it is there.
    private var find: (() throws -> Value?)?

    /// One that is there.
    init(_ value: Value?) {
        self.value = value
    }

    init(waitingFor find: @escaping () throws -> Value?) {
        self.find = find
    }

    /// Waits for this and all that was enqueued; nil where there is no row.
    ///
    /// - Throws: what went wrong with this statement, or with one that was enqueued before.
    public func get() throws -> Value? {
        if let find {
            value = try find()
            self.find = nil
        }
        return value
    }
}
