/// What a task asked a thread with a connection to do. It ends when the task is cancelled.
class PostgresWork: PendingWork, @unchecked Sendable {
    // Sendable for the reason given at `PendingWork`.
    final let interruption = PostgresInterruption()

    func perform(with worker: PostgresWorker) {}

    override final func cancelStarted() {
        interruption.cancel()
    }

    /// What the task is told: that it was cancelled, where that is why the work failed.
    final func told(_ error: any Error) -> any Error {
        guard interruption.isCancelled else { return error }
        switch error as? StorageError {
        case .busy, .readBudgetExceeded, StorageError.doomed: return CancellationError()
        default: return error
        }
    }
}

/// A short read that answers a task.
final class PostgresRead<Value: Sendable>: PostgresWork, @unchecked Sendable {
    // Sendable for the reason given at `PendingWork`.
    private let body: @Sendable (Reader) throws -> Value
    private let continuation: CheckedContinuation<Value, any Error>

    init(_ body: @escaping @Sendable (Reader) throws -> Value, _ continuation: CheckedContinuation<Value, any Error>) {
        self.body = body
        self.continuation = continuation
    }

    override func perform(with worker: PostgresWorker) {
        continuation.resume(with: Result { try worker.read(unless: interruption, body) }.mapError(told))
    }

    override func fail(_ error: any Error) {
        continuation.resume(throwing: error)
    }
}

/// A long read that answers a task.
final class PostgresScan<Value: Sendable>: PostgresWork, @unchecked Sendable {
    // Sendable for the reason given at `PendingWork`.
    private let body: @Sendable (Reader) throws -> Value
    private let deadline: ContinuousClock.Instant
    private let continuation: CheckedContinuation<Value, any Error>

    init(
        _ body: @escaping @Sendable (Reader) throws -> Value, until deadline: ContinuousClock.Instant,
        _ continuation: CheckedContinuation<Value, any Error>
    ) {
        self.body = body
        self.deadline = deadline
        self.continuation = continuation
    }

    override func perform(with worker: PostgresWorker) {
        continuation.resume(with: Result { try worker.scan(until: deadline, unless: interruption, body) }.mapError(told))
    }

    override func fail(_ error: any Error) {
        continuation.resume(throwing: error)
    }
}

/// A write that answers a task.
final class PostgresWrite<Value: Sendable>: PostgresWork, @unchecked Sendable {
    // Sendable for the reason given at `PendingWork`.
    private let body: @Sendable (Transaction) throws -> Value
    private let afterCommit: @Sendable (Set<String>) -> Void
    private let continuation: CheckedContinuation<Value, any Error>

    /// - Parameter afterCommit: told of the types of the events that were published.
    init(
        _ body: @escaping @Sendable (Transaction) throws -> Value, afterCommit: @escaping @Sendable (Set<String>) -> Void,
        _ continuation: CheckedContinuation<Value, any Error>
    ) {
        self.body = body
        self.afterCommit = afterCommit
        self.continuation = continuation
    }

    override func perform(with worker: PostgresWorker) {
        do {
            let (value, transaction) = try worker.write(unless: interruption, body)
            let (hooks, published) = transaction.takeAfterCommit()
            // Before the answer, so that whoever has it finds what the hooks have done.
            for hook in hooks { hook() }
            afterCommit(published)
            continuation.resume(returning: value)
        } catch {
            continuation.resume(throwing: told(error))
        }
    }

    override func fail(_ error: any Error) {
        continuation.resume(throwing: error)
    }
}
