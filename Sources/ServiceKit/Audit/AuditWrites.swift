import Storage
import Synchronization

/// Entries that have to be on the disk before calls are answered. Whoever comes while a write is under way waits for the next, which
/// holds all that came meanwhile: a hundred readers cost one commit, and no savepoint each.
final class AuditWrites: Sendable {
    /// What an entry's call does next.
    private enum Turn {
        case kept
        /// Writes its own entry, and theirs.
        case writes(with: [Waiting])
    }

    private struct Waiting {
        let entry: AuditEntry
        let turn: CheckedContinuation<Turn, any Error>
    }

    private struct State {
        var isWriting = false
        var waiting: [Waiting] = []
    }

    private let database: Database
    private let state = Mutex(State())

    /// Entries of one write.
    private static let writtenAtOnce = 500

    init(_ database: Database) {
        self.database = database
    }

    /// Returns once the entry is on the disk. It is kept even if its caller hangs up.
    func keep(_ entry: AuditEntry) async throws {
        guard case .writes(let others) = try await turn(of: entry) else { return }
        let outcome = await write([entry] + others.map(\.entry))
        for other in others { other.turn.resume(with: outcome.map { .kept }) }
        passOn()
        try outcome.get()
    }

    private func turn(of entry: AuditEntry) async throws -> Turn {
        try await withCheckedThrowingContinuation { continuation in
            let isFirst = state.withLock { state in
                if state.isWriting { state.waiting.append(Waiting(entry: entry, turn: continuation)) }
                defer { state.isWriting = true }
                return !state.isWriting
            }
            if isFirst { continuation.resume(returning: .writes(with: [])) }
        }
    }

    /// In a task of its own: one caller who hangs up takes the entries of others with him otherwise.
    private func write(_ entries: [AuditEntry]) async -> Result<Void, any Error> {
        await Task { [database] in
            try await database.write { transaction in
                for entry in entries { try transaction.record(entry) }
            }
        }.result
    }

    /// Lets the one who waits longest write for all.
    private func passOn() {
        let next = state.withLock { state in
            let next = Array(state.waiting.prefix(Self.writtenAtOnce))
            state.waiting.removeFirst(next.count)
            state.isWriting = !next.isEmpty
            return next
        }
        next.first?.turn.resume(returning: .writes(with: Array(next.dropFirst())))
    }
}
