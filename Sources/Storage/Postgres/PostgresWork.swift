import Synchronization

/// What a task asked a thread with a connection to do.
class PostgresWork: PendingWork, @unchecked Sendable {
    // Sendable for the reason given at `PendingWork`.
    func perform(with worker: PostgresWorker) {}
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
        continuation.resume(with: Result { try worker.read(body) })
    }

    override func fail(_ error: any Error) {
        continuation.resume(throwing: error)
    }
}

/// A long read that answers a task, and ends when that is cancelled.
final class PostgresScan<Value: Sendable>: PostgresWork, @unchecked Sendable {
    // Sendable for the reason given at `PendingWork`; `running` is a mutex.
    private let body: @Sendable (Reader) throws -> Value
    private let deadline: ContinuousClock.Instant
    private let continuation: CheckedContinuation<Value, any Error>
    private let running = Mutex<(canceller: PostgresCanceller?, isCancelled: Bool)>((nil, false))

    init(
        _ body: @escaping @Sendable (Reader) throws -> Value, until deadline: ContinuousClock.Instant,
        _ continuation: CheckedContinuation<Value, any Error>
    ) {
        self.body = body
        self.deadline = deadline
        self.continuation = continuation
    }

    override func perform(with worker: PostgresWorker) {
        let result = Result {
            try worker.scan(until: deadline, body) { canceller in running.withLock { $0.canceller = canceller } }
        }
        let isCancelled = running.withLock { $0.isCancelled }
        // The server may still be about to hear of it, and would end what the connection does next.
        if isCancelled { worker.disconnect() }
        switch result {
        case .failure where isCancelled: continuation.resume(throwing: CancellationError())
        case let result: continuation.resume(with: result)
        }
    }

    override func cancelStarted() {
        running.withLock { running in
            running.isCancelled = true
            running.canceller?.cancel()
        }
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
            let (value, transaction) = try worker.write(body)
            let (hooks, published) = transaction.takeAfterCommit()
            // Before the answer, so that whoever has it finds what the hooks have done.
            for hook in hooks { hook() }
            afterCommit(published)
            continuation.resume(returning: value)
        } catch {
            continuation.resume(throwing: error)
        }
    }

    override func fail(_ error: any Error) {
        continuation.resume(throwing: error)
    }
}
