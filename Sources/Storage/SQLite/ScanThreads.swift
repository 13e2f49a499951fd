import Logging

/// Threads for long reads, each with a connection of its own.
final class ScanThreads: Sendable {
    private let threads: WorkThreads<PendingScan>
    private let timeLimit: Duration

    init(_ settings: SQLiteSettings, logger: Logger) {
        timeLimit = settings.configuration.scanTimeLimit
        threads = WorkThreads(
            "hms-scan", most: settings.configuration.scanThreads, bound: settings.configuration.waitingScansBound
        ) { queue in queue.serve(settings, logger) }
    }

    /// How many threads there are.
    var count: Int { threads.counts.all }

    func read<T: Sendable>(_ body: @escaping @Sendable (Reader) throws -> T) async throws -> T {
        let deadline = ContinuousClock.now + timeLimit
        return try await threads.ask { Scan(body, until: deadline, $0) }
    }

    /// Refuses new reads; those that wait are still done.
    func stop() {
        threads.stop()
    }

    func close() async {
        await threads.close()
    }
}

extension WorkQueue where Work == PendingScan {
    fileprivate func serve(_ settings: SQLiteSettings, _ logger: Logger) {
        var connection: ReadConnection?
        while let scan = next(1)?.first {
            guard scan.start() else { continue }
            do {
                let open = try connection ?? ReadConnection(settings)
                connection = open
                scan.perform(on: open)
            } catch {
                scan.fail(error)
            }
        }
        do {
            try connection?.close()
        } catch {
            logger.error("a reading connection did not close", metadata: ["error": "\(error)"])
        }
    }
}

/// A long read that answers a task.
private final class Scan<Value: Sendable>: PendingScan, @unchecked Sendable {
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

    override func perform(on connection: ReadConnection) {
        let result = interruptible(on: connection) {
            Result { try connection.read(within: .until(deadline), body) }
        }
        switch result {
        case .success(let value): continuation.resume(returning: value)
        case .failure where isCancelled: continuation.resume(throwing: CancellationError())
        case .failure(let error): continuation.resume(throwing: error)
        }
    }

    override func fail(_ error: any Error) {
        continuation.resume(throwing: error)
    }
}
