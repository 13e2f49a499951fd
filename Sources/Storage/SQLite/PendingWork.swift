import Synchronization

/// What a task asked a thread to do: waiting, then started or cancelled, then answered once.
class PendingWork: @unchecked Sendable {
    // Sendable because `phase` is a mutex, and what subclasses add is touched only by the thread that started the work.
    private enum Phase {
        case waiting, started, cancelled
    }

    private let phase = Mutex(Phase.waiting)

    /// Whether the work is still wanted; from here on it is the starter's to answer.
    final func start() -> Bool {
        phase.withLock { phase in
            guard case .waiting = phase else { return false }
            phase = .started
            return true
        }
    }

    /// Takes work that has not started out of the way and answers it.
    final func cancel() {
        let hadStarted = phase.withLock { phase in
            guard case .waiting = phase else { return true }
            phase = .cancelled
            return false
        }
        hadStarted ? cancelStarted() : fail(CancellationError())
    }

    func cancelStarted() {}
    func fail(_ error: any Error) {}
}

/// A write as the writer sees it.
class PendingWrite: PendingWork, @unchecked Sendable {
    // Sendable for the reason given at `PendingWork`.
    /// What this write itself ended with.
    final var failure: (any Error)?
    final let arrivedAt = ContinuousClock.now
    final var commitHooks: [@Sendable () -> Void] = []
    final var publishedTypes: Set<String> = []

    func perform(in transaction: Transaction) throws {}
    func succeed() {}
}

/// A write that answers a task.
final class Write<Value: Sendable>: PendingWrite, @unchecked Sendable {
    // Sendable for the reason given at `PendingWork`.
    private let body: @Sendable (Transaction) throws -> Value
    private let continuation: CheckedContinuation<Value, any Error>
    private var value: Value?

    init(_ body: @escaping @Sendable (Transaction) throws -> Value, _ continuation: CheckedContinuation<Value, any Error>) {
        self.body = body
        self.continuation = continuation
    }

    override func perform(in transaction: Transaction) throws {
        value = try body(transaction)
    }

    override func succeed() {
        guard let value else { return fail(StorageError.failed(code: -1)) }
        continuation.resume(returning: value)
    }

    override func fail(_ error: any Error) {
        continuation.resume(throwing: error)
    }
}

/// A long read as its thread sees it.
class PendingScan: PendingWork, @unchecked Sendable {
    // Sendable for the reason given at `PendingWork`; `running` is a mutex.
    private let running = Mutex<(connection: ReadConnection?, isCancelled: Bool)>((nil, false))

    func perform(on connection: ReadConnection) {}

    /// Runs `read` so that cancelling the task interrupts it.
    final func interruptible<T>(on connection: ReadConnection, _ read: () -> T) -> T {
        running.withLock { $0.connection = connection }
        defer { running.withLock { $0.connection = nil } }
        return read()
    }

    final var isCancelled: Bool { running.withLock { $0.isCancelled } }

    override final func cancelStarted() {
        running.withLock { running in
            running.isCancelled = true
            running.connection?.interrupt()
        }
    }
}
