import Foundation
import Logging

/// Threads for long reads, each with a connection of its own, opened when first needed.
final class ScanThreads: Sendable {
    private let queue: WorkQueue<PendingScan>
    private let settings: SQLiteSettings
    private let logger: Logger
    private let finished: [FinishLine]

    init(_ settings: SQLiteSettings, logger: Logger) {
        self.settings = settings
        self.logger = logger
        queue = WorkQueue(bound: settings.configuration.waitingScansBound)
        finished = (0..<max(1, settings.configuration.scanThreads)).map { _ in FinishLine() }
        for line in finished {
            let thread = Thread { [self] in
                run()
                line.cross()
            }
            thread.name = "hms-scan"
            thread.start()
        }
    }

    func read<T: Sendable>(_ body: @escaping @Sendable (Reader) throws -> T) async throws -> T {
        let deadline = ContinuousClock.now + settings.configuration.scanTimeLimit
        return try await queue.ask { Scan(body, until: deadline, $0) }
    }

    /// Refuses new reads; those that wait are still done.
    func stop() {
        queue.close()
    }

    func close() async {
        stop()
        for line in finished { await line.wait() }
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
