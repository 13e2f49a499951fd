import Foundation
import GRDBSQLite
import Logging

/// The one thread that writes: it takes all writes that wait, commits them together, answers, and checkpoints when it pays.
final class SQLiteWriter: Sendable {
    private let queue: WorkQueue<PendingWrite>
    private let settings: SQLiteSettings
    private let logger: Logger
    private let outboxSignal: OutboxSignal
    private let finished = FinishLine()

    private init(_ settings: SQLiteSettings, logger: Logger, _ outboxSignal: OutboxSignal) {
        self.outboxSignal = outboxSignal
        self.settings = settings
        self.logger = logger
        queue = WorkQueue(bound: settings.configuration.waitingWritesBound)
    }

    /// Starts the thread; returns when the database is open, durable and `prepare` (the migrations) is done with it.
    static func start(
        _ settings: SQLiteSettings, logger: Logger, _ outboxSignal: OutboxSignal,
        prepare: @escaping @Sendable (SQLiteConnection) throws -> Void
    ) async throws -> SQLiteWriter {
        let writer = SQLiteWriter(settings, logger: logger, outboxSignal)
        try await withCheckedThrowingContinuation { (opened: CheckedContinuation<Void, any Error>) in
            let thread = Thread { writer.run(opened, prepare) }
            thread.name = "hms-writer"
            thread.start()
        }
        return writer
    }

    func write<T: Sendable>(_ body: @escaping @Sendable (Transaction) throws -> T) async throws -> T {
        try await queue.ask { Write(body, $0) }
    }

    /// Refuses new writes, finishes those that wait, and returns when the file is at rest.
    func close() async {
        queue.close()
        await finished.wait()
    }
}

// MARK: - On the writer's thread

extension SQLiteWriter {
    private func run(_ opened: CheckedContinuation<Void, any Error>, _ prepare: (SQLiteConnection) throws -> Void) {
        defer { finished.cross() }
        let connection: SQLiteConnection
        let commits: GroupCommit
        do {
            connection = try settings.openWriter()
            try prepare(connection)
            commits = try GroupCommit(connection)
            opened.resume()
        } catch {
            opened.resume(throwing: error)
            return
        }
        commitUntilClosed(commits, Checkpoint(connection))
        closeFile(connection)
    }

    private func commitUntilClosed(_ commits: GroupCommit, _ checkpoint: Checkpoint) {
        while true {
            let taken = queue.next(settings.configuration.writesPerCommit)
            if taken.isEmpty { return }
            let batch = taken.filter { $0.start() }
            if batch.isEmpty { continue }
            commit(batch, commits)
            checkpoint.runIfItPays(isIdle: queue.isEmpty, logger: logger)
        }
    }

    private func commit(_ batch: [PendingWrite], _ commits: GroupCommit) {
        do {
            try commits.run(batch)
        } catch {
            logger.error("no write of this commit was kept", metadata: ["error": "\(error)", "writes": "\(batch.count)"])
            for write in batch { write.fail(error) }
            return
        }
        for write in batch { answer(write) }
        if batch.contains(where: \.hasPublished) { outboxSignal.notify() }
    }

    private func answer(_ write: PendingWrite) {
        if let failure = write.failure { return write.fail(failure) }
        write.succeed()
        for hook in write.commitHooks { hook() }
    }

    private func closeFile(_ connection: SQLiteConnection) {
        do {
            try connection.runScript("PRAGMA wal_checkpoint(TRUNCATE)")
            try connection.close()
        } catch {
            logger.error("the database did not close cleanly; it recovers at the next start", metadata: ["error": "\(error)"])
        }
    }
}
