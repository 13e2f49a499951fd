import Storage
import Synchronization

/// Entries that have to be on the disk before calls are answered. A write takes all that wait when its turn comes, and whoever comes
/// later waits for the next: a hundred readers cost one commit and few rows.
///
/// Who reads alone waits for nobody. Where many read at the same time, the next write begins a moment after the one before, so that the
/// disk is left to others and each commit is worth its price.
final class AuditWrites: Sendable {
    private struct State {
        var waiting = Waiting()
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

    /// Calls `then` once the entry is on the disk, or can't get there: on whatever thread.
    func keep(_ entry: AuditEntry, then: @escaping @Sendable (Result<Void, any Error>) -> Void) {
        let pause = state.withLock { state -> Duration? in
            state.waiting.append(entry, then)
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
                try turn.waiting(or: self.takeAll).record(in: transaction)
                transaction.onCommit { turn.tell(.success(())) }
            }
        } catch {
            _ = turn.waiting(or: takeAll)
            turn.tell(.failure(error))
        }
    }

    private func takeAll() -> Waiting {
        state.withLock { state in
            defer { (state.waiting, state.isAsked, state.last) = (Waiting(), false, (state.waiting.count, .now)) }
            return state.waiting
        }
    }
}

/// What is to be kept, and who waits for it.
private struct Waiting: Sendable {
    private var reads = AuditReads()
    private var others: [AuditEntry] = []
    private var tells: [@Sendable (Result<Void, any Error>) -> Void] = []

    var count: Int { tells.count }

    mutating func append(_ entry: AuditEntry, _ tell: @escaping @Sendable (Result<Void, any Error>) -> Void) {
        if entry.isAnsweredRead { reads.append(entry) } else { others.append(entry) }
        tells.append(tell)
    }

    func record(in transaction: Transaction) throws {
        for entry in others { try transaction.record(entry) }
        try transaction.record(reads)
    }

    func tell(_ outcome: Result<Void, any Error>) {
        for tell in tells { tell(outcome) }
    }
}

/// What one write keeps, however often its statements are run.
private final class Turn: Sendable {
    private let taken = Mutex<Waiting?>(nil)

    /// Those that were taken before, or else what `take` answers.
    func waiting(or take: () -> Waiting) -> Waiting {
        taken.withLock { taken in
            let waiting = taken ?? take()
            taken = waiting
            return waiting
        }
    }

    /// Once.
    func tell(_ outcome: Result<Void, any Error>) {
        let told = taken.withLock { taken in
            defer { taken = Waiting() }
            return taken
        }
        told?.tell(outcome)
    }
}
