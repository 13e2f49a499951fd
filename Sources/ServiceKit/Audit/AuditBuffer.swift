import Logging
import Storage
import Synchronization

/// Reads that wait to be kept together, so that a reader waits for no disk and a hundred readers cost one commit.
///
/// It holds what was read in a tenth of a second. Where the disk does not keep up with the readers it takes no more, and they wait
/// for it as if there was no buffer.
final class AuditBuffer: BackgroundWorker {
    let name = "audit of reads"
    private let database: Database
    private let logger: Logger
    private let waiting = Mutex<[AuditEntry]>([])

    private static let interval: Duration = .milliseconds(100)
    private static let most = 10_000
    /// Entries of one write.
    private static let writtenAtOnce = 1_000

    init(database: Database, logger: Logger) {
        self.database = database
        self.logger = logger
    }

    /// False, with nothing done, where too many wait already.
    func take(_ entry: AuditEntry) -> Bool {
        waiting.withLock { waiting in
            guard waiting.count < Self.most else { return false }
            waiting.append(entry)
            return true
        }
    }

    func run() async {
        while !Task.isCancelled {
            await write()
            // Fails only when it is cancelled, which the loop asks next.
            try? await Task.sleep(for: Self.interval)
        }
        // The last tenth of a second's, whatever has ended the task.
        await Task { await write() }.value
    }

    /// Keeps what waits. What can't be kept is told in the log.
    func write() async {
        var entries = waiting.withLock { waiting in
            defer { waiting = [] }
            return waiting
        }
        while !entries.isEmpty {
            let some = Array(entries.prefix(Self.writtenAtOnce))
            entries.removeFirst(some.count)
            do {
                try await database.write { try $0.record(some) }
            } catch {
                for entry in some { tell(entry, error) }
            }
        }
    }

    private func tell(_ entry: AuditEntry, _ error: any Error) {
        logger.error(
            "A read was not kept",
            metadata: [
                "method": "\(entry.method)", "caller": "\(entry.actor)", "correlation_id": "\(entry.correlationID)", "error": "\(error)",
            ])
    }
}
