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
    /// What is being written, or could not be yet.
    private let unwritten = Mutex<(reads: AuditReads, part: AuditJournal.Part)?>(nil)
    /// Says that there is something to write.
    private let (signals, signal) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))

    private static let interval: Duration = .milliseconds(50)
    /// Before what could not be written is tried again.
    private static let pause: Duration = .seconds(1)

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
            while await !write(), !Task.isCancelled { try? await Task.sleep(for: Self.pause) }
        }
        // What was tried before, and what has come since.
        for _ in 0..<2 { await write() }
    }

    /// Keeps what waits, whatever has ended the task. Asked by one at a time.
    ///
    /// - Returns: false where it could not be kept: it waits, in its file, to be written again.
    @discardableResult
    func write() async -> Bool {
        let isAgain = unwritten.withLock { $0 != nil }
        guard
            let (reads, part) = unwritten.withLock({ unwritten in
                if unwritten == nil { unwritten = takeAll() }
                return unwritten
            })
        else { return true }
        do {
            try await Task { [database] in
                // Whether the first time has come as far as that nobody knows.
                let missing = isAgain ? AuditReads(try await database.missing(reads.entries)) : reads
                try await database.write { try $0.record(missing) }
            }.value
        } catch {
            if !isAgain { logger.error("Reads wait to be kept", metadata: ["count": "\(reads.count)", "error": "\(error)"]) }
            return false
        }
        state.withLock { $0.journal.clear(part) }
        unwritten.withLock { $0 = nil }
        return true
    }

    private func takeAll() -> (reads: AuditReads, part: AuditJournal.Part)? {
        state.withLock { state in
            defer { state.reads = AuditReads() }
            return state.reads.isEmpty ? nil : (state.reads, state.journal.turn())
        }
    }
}
