import Storage
import Synchronization

/// Entries that have to be on the disk before calls are answered. A write takes all that wait when its turn comes, and whoever comes
/// later waits for the next: a hundred readers cost one commit and few rows.
///
/// Who reads alone waits for nobody. Where many read at the same time, the next write begins a moment after the one before, so that the
/// disk is left to others and each commit is worth its price.
final class AuditWrites: Sendable {
    private struct State {
        var waiting: [Waiting] = []
        /// Whether a write is to come that takes what waits.
        var isAsked = false
        /// Entries of the last write, and when it began.
        var last: (count: Int, began: ContinuousClock.Instant) = (0, .now)
    }

    private let database: Database
    private let state = Mutex(State())

    /// From so many entries in a write on the next is put off.
    private static let many = 4
    /// Between two writes of many.
    private static let interval: Duration = .milliseconds(1)

    init(_ database: Database) {
        self.database = database
    }

    /// Returns once the entry is on the disk. It is kept even if its caller hangs up.
    func keep(_ entry: AuditEntry) async throws {
        try await withCheckedThrowingContinuation { continuation in
            keep(entry) { continuation.resume(with: $0) }
        }
    }

    private func keep(_ entry: AuditEntry, then: @escaping @Sendable (Result<Void, any Error>) -> Void) {
        let pause = state.withLock { state -> Duration? in
            state.waiting.append(Waiting(entry: entry, tell: then))
            guard !state.isAsked else { return nil }
            state.isAsked = true
            guard state.last.count >= Self.many else { return .zero }
            return max(.zero, Self.interval - (.now - state.last.began))
        }
        // In a task of its own: one caller who hangs up takes the entries of others with him otherwise.
        if let pause { Task.immediate { await write(after: pause) } }
    }

    private func write(after pause: Duration) async {
        // Fails only when it is cancelled, and nobody does that.
        if pause > .zero { try? await Task.sleep(for: pause) }
        let turn = Turn()
        do {
            try await database.write { transaction in
                try transaction.record(turn.entries(or: self.takeAll))
                transaction.onCommit { turn.tell(.success(())) }
            }
        } catch {
            _ = turn.entries(or: takeAll)
            turn.tell(.failure(error))
        }
    }

    private func takeAll() -> [Waiting] {
        state.withLock { state in
            defer { (state.waiting, state.isAsked, state.last) = ([], false, (state.waiting.count, .now)) }
            return state.waiting
        }
    }
}

private struct Waiting: Sendable {
    let entry: AuditEntry
    let tell: @Sendable (Result<Void, any Error>) -> Void
}

/// What one write keeps, however often its statements are run.
private final class Turn: Sendable {
    private let waiting = Mutex<[Waiting]?>(nil)

    /// Those that were taken before, or else what `take` answers.
    func entries(or take: () -> [Waiting]) -> [AuditEntry] {
        waiting.withLock { waiting in
            let taken = waiting ?? take()
            waiting = taken
            return taken.map(\.entry)
        }
    }

    /// Once.
    func tell(_ outcome: Result<Void, any Error>) {
        let told = waiting.withLock { waiting in
            defer { waiting = [] }
            return waiting ?? []
        }
        for one in told { one.tell(outcome) }
    }
}
