import Logging
import Storage
import Synchronization

/// Reads that wait to be kept together, so that a reader waits for no disk and a thousand readers cost one commit. Each is in a file
/// before it is answered, and so outlives the process.
///
/// It holds what was read in a twentieth of a second. Where the disk does not keep up with the readers it takes no more, and they wait
/// for it as if there was no buffer.
final class AuditBuffer: BackgroundWorker {
    private struct State {
        var journal: AuditJournal
        var reads = AuditReads()
    }

    let name = "audit of reads"
    private let database: Database
    private let logger: Logger
    private let state: Mutex<State>
    /// Says that there is something to write.
    private let (signals, signal) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))

    private static let interval: Duration = .milliseconds(50)

    init(_ journal: sending AuditJournal, database: Database, logger: Logger) {
        self.database = database
        self.logger = logger
        state = Mutex(State(journal: journal))
    }

    /// False, with nothing done, where it has no room for it.
    func take(_ read: AuditEntry) -> Bool {
        let (isTaken, isFirst) = state.withLock { state in
            guard state.journal.append(read) else { return (false, false) }
            state.reads.append(read)
            return (true, state.reads.count == 1)
        }
        if isFirst { signal.yield() }
        return isTaken
    }

    func run() async {
        for await _ in signals {
            // Fails only when it is cancelled, which the loop hears next.
            try? await Task.sleep(for: Self.interval)
            await write()
        }
        await write()
    }

    /// Keeps what waits, whatever has ended the task. What can't be kept is told in the log. Asked by one at a time.
    func write() async {
        let (reads, half) = state.withLock { state in
            defer { state.reads = AuditReads() }
            return (state.reads, state.reads.isEmpty ? nil : state.journal.turn())
        }
        guard let half else { return }
        do {
            try await Task { [database] in try await database.write { try $0.record(reads) } }.value
        } catch {
            for read in reads.entries { logger.error("A read was not kept", metadata: read.logMetadata(["error": "\(error)"])) }
        }
        state.withLock { $0.journal.clear(half) }
    }
}
