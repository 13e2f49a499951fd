import Foundation
import Logging
import Synchronization

/// The one thread that writes: it takes all writes that wait, commits them together, answers, and checkpoints when it pays.
///
/// A disk that fails costs the writes of one commit, which are told so; the next commit goes to a connection opened anew,
/// because what a failed flush left behind is unknown. A damaged file takes no writes any more.
final class SQLiteWriter: Sendable {
    private let queue: WorkQueue<PendingWrite>
    let settings: SQLiteSettings
    private let lock: LockFile
    private let outboxSignal: OutboxSignal
    let logger: Logger
    private let commits = Atomic(0)
    private let writes = Atomic(0)
    private let finished = FinishLine()
    let reserve: RoomReserve
    let room: RoomWatch
    let lastCondition = Atomic(StorageCondition.sound.rawValue)
    /// Those who wait for the file to be written anew.
    let scrubs = Mutex<[CheckedContinuation<Void, any Error>]>([])

    private init(_ settings: SQLiteSettings, _ lock: LockFile, _ outboxSignal: OutboxSignal, logger: Logger) {
        self.settings = settings
        self.lock = lock
        self.outboxSignal = outboxSignal
        self.logger = logger
        reserve = RoomReserve(beside: settings.path)
        room = RoomWatch(settings)
        queue = WorkQueue(bound: settings.configuration.waitingWritesBound)
    }

    /// Starts the thread; returns when the database is open, durable and `prepare` (the migrations) is done with it.
    static func start(
        _ settings: SQLiteSettings, _ lock: LockFile, _ outboxSignal: OutboxSignal, logger: Logger,
        prepare: @escaping @Sendable (SQLiteConnection) throws -> Void
    ) async throws -> SQLiteWriter {
        let writer = SQLiteWriter(settings, lock, outboxSignal, logger: logger)
        try await withCheckedThrowingContinuation { (opened: CheckedContinuation<Void, any Error>) in
            Thread.detachNewThread {
                Thread.current.name = "hms-writer"
                writer.run(opened, prepare)
            }
        }
        return writer
    }

    func write<T: Sendable>(_ body: @escaping @Sendable (Transaction) throws -> T) async throws -> T {
        try await queue.ask { Write(body, $0) }
    }

    var counts: StorageCounts {
        StorageCounts(
            commits: commits.load(ordering: .relaxed), writes: writes.load(ordering: .relaxed), waitingWrites: queue.count)
    }

    /// As of the last commit, or the opening.
    var condition: StorageCondition {
        StorageCondition(rawValue: lastCondition.load(ordering: .relaxed)) ?? .sound
    }

    /// Refuses new writes; those that wait are still done.
    func stop() {
        queue.close()
    }

    /// Stops, and returns when the file is at rest and the lock free.
    func close() async {
        stop()
        await finished.wait()
    }
}

// MARK: - On the writer's thread

extension SQLiteWriter {
    private func run(_ opened: CheckedContinuation<Void, any Error>, _ prepare: (SQLiteConnection) throws -> Void) {
        do {
            let session = try open(prepare)
            opened.resume()
            commitUntilClosed(session)
            leave()
        } catch {
            // Whoever hears of it may open the file again at once.
            leave()
            opened.resume(throwing: error)
        }
    }

    private func open(_ prepare: (SQLiteConnection) throws -> Void) throws -> WriterSession {
        let connection = try openMakingRoom()
        try prepare(connection)
        note(try probe(connection) == .sound && reserve.fill() && !room.isShort ? .sound : .full)
        return try WriterSession(connection)
    }

    private func leave() {
        lock.release()
        finished.cross()
    }

    private func commitUntilClosed(_ first: WriterSession) {
        var state = State.open(first)
        var pace = CommitPace()
        var lastTook = Duration.zero
        while true {
            guard let taken = queue.next(settings.configuration.writesPerCommit, within: state.session?.pauseToUse) else {
                state.session?.checkpointIfItPays(isPause: true, logger: logger)
                continue
            }
            if taken.isEmpty { return close(state) }
            var batch = taken.filter { $0.start() }
            if batch.isEmpty { continue }
            var intake = WriteIntake(queue, limit: settings.configuration.writesPerCommit, pace.expectation)
            let start = ContinuousClock.now
            let oldest = batch.map(\.arrivedAt).min() ?? start
            state = commit(&batch, state, after: max(.zero, start - oldest - lastTook)) { intake.next(beside: $0) }
            lastTook = .now - start
            if let haveAllCome = intake.haveAllCome { pace.noteGathering(haveAllCome: haveAllCome) }
            pace.noteCommit(of: batch.count, taking: .now - start - intake.waited)
        }
    }

    private enum State {
        case open(WriterSession)
        /// The disk failed; the next write tries to open the file again.
        case lost
        /// The file is damaged.
        case refusing

        var session: WriterSession? {
            switch self {
            case .open(let session): session
            case .lost, .refusing: nil
            }
        }
    }

    private func commit(
        _ batch: inout [PendingWrite], _ state: State, after wait: Duration, more: (_ count: Int) -> [PendingWrite]
    ) -> State {
        if room.isShort {
            // Before anybody hears of it, who may ask at once.
            note(.full)
            for write in batch { write.fail(StorageError.full) }
            return state
        }
        do {
            let session = try session(state)
            do {
                try session.commit(&batch, more: more)
            } catch {
                for write in batch { write.fail(error) }
                return survive(error, session, writes: batch.count)
            }
            noteRoom(after: batch)
            commits.add(1, ordering: .relaxed)
            writes.add(batch.count, ordering: .relaxed)
            settings.configuration.onCommit(CommitReport(writes: batch.count, duration: session.flushDuration, wait: wait))
            for write in batch { answer(write) }
            let published = batch.reduce(into: Set<String>()) { $0.formUnion($1.publishedTypes) }
            if !published.isEmpty { outboxSignal.notify(of: published) }
            session.checkpointIfItPays(isPause: false, logger: logger)
            scrubWhereAsked(session)
            return .open(session)
        } catch {
            for write in batch { write.fail(error) }
            return state
        }
    }

    private func session(_ state: State) throws -> WriterSession {
        switch state {
        case .open(let session): session
        case .lost: try WriterSession(openMakingRoom())
        case .refusing: throw StorageError.corrupt
        }
    }

    private func answer(_ write: PendingWrite) {
        if let failure = write.failure { return write.fail(failure) }
        // Before the answer, so that whoever has it finds what the hooks have done.
        for hook in write.commitHooks { hook() }
        write.succeed()
    }

    /// What is left after a commit of which nothing was kept.
    private func survive(_ error: any Error, _ session: WriterSession, writes: Int) -> State {
        logger.error("no write of this commit was kept", metadata: ["error": "\(error)", "writes": "\(writes)"])
        switch error as? StorageError {
        case .full:
            note(.full)
            return .open(session)
        case .busy, .transactionEnded: return .open(session)
        case .corrupt:
            note(.damaged)
            return giveUp(session, .refusing)
        default: return giveUp(session, .lost)
        }
    }

    private func giveUp(_ session: WriterSession, _ next: State) -> State {
        do {
            try session.abandon()
        } catch {
            logger.error("the failed connection did not close", metadata: ["error": "\(error)"])
        }
        return next
    }

    private func close(_ state: State) {
        guard case .open(let session) = state else { return }
        do {
            try session.finish()
        } catch {
            logger.error("the database did not close cleanly; it recovers at the next start", metadata: ["error": "\(error)"])
        }
        // The log's index is gone, and its room is kept for the next start.
        reserve.fill()
    }
}
