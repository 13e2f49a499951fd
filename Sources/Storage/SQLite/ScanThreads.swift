import Foundation
import Logging
import Synchronization

/// Threads for long reads, each started when all others have something to do, with a connection of its own.
final class ScanThreads: Sendable {
    private struct State {
        /// Reads that wait or run.
        var scans = 0
        /// One for each thread.
        var finished: [FinishLine] = []
        var isClosed = false
    }

    private let queue: WorkQueue<PendingScan>
    private let settings: SQLiteSettings
    private let logger: Logger
    private let state = Mutex(State())

    init(_ settings: SQLiteSettings, logger: Logger) {
        self.settings = settings
        self.logger = logger
        queue = WorkQueue(bound: settings.configuration.waitingScansBound)
    }

    /// How many threads there are.
    var count: Int { state.withLock { $0.finished.count } }

    func read<T: Sendable>(_ body: @escaping @Sendable (Reader) throws -> T) async throws -> T {
        let deadline = ContinuousClock.now + settings.configuration.scanTimeLimit
        startThreadIfAllAreBusy()
        defer { state.withLock { $0.scans -= 1 } }
        return try await queue.ask { Scan(body, until: deadline, $0) }
    }

    /// Refuses new reads; those that wait are still done.
    func stop() {
        // In this order: a read that gets no thread any more finds no queue either.
        queue.close()
        state.withLock { $0.isClosed = true }
    }

    func close() async {
        stop()
        for line in state.withLock({ $0.finished }) { await line.wait() }
    }

    private func startThreadIfAllAreBusy() {
        let most = max(1, settings.configuration.scanThreads)
        let finished: FinishLine? = state.withLock { state in
            state.scans += 1
            guard !state.isClosed, state.finished.count < min(most, state.scans) else { return nil }
            let line = FinishLine()
            state.finished.append(line)
            return line
        }
        guard let finished else { return }
        Thread.detachNewThread { [self] in
            Thread.current.name = "hms-scan"
            run()
            finished.cross()
        }
    }

    private func run() {
        var connection: ReadConnection?
        while let scan = queue.next(1)?.first {
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
