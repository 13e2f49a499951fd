import Logging
import Synchronization

/// The data of one service.
///
/// ```swift
/// let name = try await database.read { reader in
///     try reader.row("SELECT name FROM patients WHERE id = ?", [.text(id)]) { $0.text(0) }
/// }
/// try await database.write { transaction in
///     try transaction.execute("UPDATE patients SET name = ? WHERE id = ?", [.text(name), .text(id)])
/// }
/// ```
/// A write that returned is on the disk, and every read that starts later sees it.
/// Bodies are synchronous and have no effect but their statements: they may run again from the start.
public final class Database: Sendable {
    private let engine: any StorageEngine
    private let observer: (any WorkObserver)?
    private let probes = ProbePace()
    let outboxSignal: OutboxSignal
    /// Tells this process from the others that share the database; another one after each start.
    let processName = String(UInt64.random(in: .min ... .max), radix: 36)

    private init(_ engine: any StorageEngine, _ outboxSignal: OutboxSignal, _ observer: (any WorkObserver)?) {
        self.engine = engine
        self.observer = observer
        self.outboxSignal = outboxSignal
    }

    /// Opens the database, brings Storage's own tables and then the service's up to date, and is ready when it returns.
    ///
    /// - Throws: ``StorageError/locked(path:holder:)`` while another process has it, ``StorageError/notDurable(_:)``,
    ///   ``StorageError/migration(_:)``, ``StorageError/damaged(path:)``, ``StorageError/noRoom(path:)``,
    ///   ``StorageError/cannotOpen(_:)``.
    public static func open(_ configuration: DatabaseConfiguration, schema: Schema, logger: Logger) async throws -> Database {
        let database = try await openAnyhow(configuration, schema: schema, logger: logger)
        if configuration.isTargetOfCopy { return database }
        if try await database.read({ try $0.hasUnfinishedCopy() }) {
            await database.close()
            throw StorageError.migration("a copy into it is not finished: run “hms copy” again")
        }
        return database
    }

    private static func openAnyhow(_ configuration: DatabaseConfiguration, schema: Schema, logger: Logger) async throws -> Database {
        switch configuration.location {
        case .sqlite(let path):
            let signal = OutboxSignal()
            let engine = try await SQLiteEngine.open(path: path, configuration, schema: schema, logger: logger, signal)
            return Database(engine, signal, configuration.observer)
        case .postgres(let location):
            let signal = OutboxSignal()
            let engine = try await PostgresEngine.open(location, configuration, schema: schema, logger: logger, signal)
            return Database(engine, signal, configuration.observer)
        }
    }

    /// Reads from one snapshot: for lookups by index that take microseconds. On a server, cancelling the task ends the read.
    ///
    /// The body runs on the calling thread, because a hop to another thread costs several times such a read. It is held
    /// to a budget of steps; a body that exceeds it is run again on a thread for long reads, so it must be repeatable.
    public func read<T: Sendable>(_ body: @escaping @Sendable (Reader) throws -> T) async throws -> T {
        guard let observer, observer.origin() != nil else { return try await engine.read(body) }
        return try await observed(.read, by: observer) { times in try await self.engine.read(times.around(body)) }
    }

    /// The same without waiting; nil where the read can't be made here and now, and ``read(_:)`` is to be asked.
    public func readAtOnce<T>(_ body: (Reader) throws -> T) throws -> T? {
        guard let observer, observer.origin() != nil else { return try engine.readAtOnce(body) }
        let times = WorkTimes()
        let found = try engine.readAtOnce { reader in
            times.bodyBegan()
            defer { times.bodyEnded() }
            return try body(reader)
        }
        if found != nil { observer.workEnded(times.work(.read, failed: false)) }
        return found
    }

    /// Reads from one snapshot on a thread of its own: for searches, lists and whatever may take longer.
    ///
    /// Cancelling the task ends the read. It is also ended, by ``StorageError/readBudgetExceeded``, when it exceeds
    /// ``DatabaseConfiguration/scanTimeLimit``.
    public func scan<T: Sendable>(_ body: @escaping @Sendable (Reader) throws -> T) async throws -> T {
        guard let observer, observer.origin() != nil else { return try await engine.scan(body) }
        return try await observed(.scan, by: observer) { times in try await self.engine.scan(times.around(body)) }
    }

    /// The same for what only informs: it may be read from a replica of the database, where ``DatabaseConfiguration/readingReports(from:)``
    /// names one, and then is as late as that is behind. Never for a decision. Where the replica is away, the database itself is read.
    public func report<T: Sendable>(_ body: @escaping @Sendable (Reader) throws -> T) async throws -> T {
        try await engine.report(body)
    }

    /// Writes in one transaction and returns when it is durable. Whatever `body` throws undoes all it did, and is thrown.
    ///
    /// Writes of several callers share one commit; each has a savepoint of its own, so one that fails undoes only itself.
    /// A task cancelled before its write starts gets `CancellationError` and nothing happens. One that started is finished
    /// with SQLite, and on a server ended where it has not come to its commit; either is answered truthfully.
    @discardableResult
    public func write<T: Sendable>(_ body: @escaping @Sendable (Transaction) throws -> T) async throws -> T {
        guard let observer, let origin = observer.origin() else { return try await engine.write(body) }
        return try await observed(.write, by: observer) { times in
            try await self.engine.write { transaction in
                times.bodyBegan()
                transaction.origin = origin
                defer {
                    transaction.origin = nil
                    times.bodyEnded()
                }
                return try body(transaction)
            }
        }
    }

    private func observed<T>(
        _ kind: ObservedWork.Kind, by observer: any WorkObserver, _ work: (WorkTimes) async throws -> T
    ) async throws -> T {
        let times = WorkTimes()
        do {
            let result = try await work(times)
            observer.workEnded(times.work(kind, failed: false))
            return result
        } catch {
            observer.workEnded(times.work(kind, failed: true))
            throw error
        }
    }

    /// Copies one consistent state to a new file at `path` while reads and writes go on.
    ///
    /// The copy is made under a temporary name, checked, flushed and renamed, so a file at `path` is always a whole backup.
    /// Restoring is a copy at rest: stop the service, put the file in the place of the database, remove a `-wal` and a `-shm`
    /// left beside the old one, start.
    public func backup(to path: String) async throws {
        try await engine.backup(to: path)
    }

    /// Lets nothing be written until the hold is released, and keeps the state of the database for a copy. Reads go on.
    ///
    /// - Parameter limit: when writes go on although nobody has released them.
    /// - Returns: once nothing is written any more. What was acknowledged before is in the state; what waits meanwhile is not.
    public func hold(for limit: Duration) async throws -> WriteHold {
        try await engine.hold(for: limit)
    }

    /// Lets nothing be left in the database's file and its log of what was deleted or written over: SQLite writes the file anew,
    /// and needs twice its room for that. Writes wait meanwhile, reads go on.
    ///
    /// PostgreSQL does it by itself in time (autovacuum); what its own log and its copies keep is for those who run it.
    ///
    /// - Throws: ``StorageError/noRoom(path:)``; ``StorageError/busy`` where somebody reads an older state. Nothing is lost then.
    public func scrub() async throws {
        try await engine.scrub()
    }

    /// Reads everything and throws ``StorageError/integrity(_:)`` where a page, an index or a reference is wrong.
    public func check() async throws {
        try await engine.check()
    }

    /// Whether anything can be stored. Where the disk was full, it is tried again, at most once a second: that there is
    /// room is noticed without anybody having to write.
    public func condition() async -> StorageCondition {
        if engine.condition == .full, probes.isDue() {
            do {
                try await engine.tryRoom()
            } catch {
                // There is none, or the database closes: the condition stays.
                return engine.condition
            }
        }
        return engine.condition
    }

    public var counts: StorageCounts { engine.counts }

    /// Whether other processes may use the database at the same time.
    public var isShared: Bool { engine.isShared }

    func hearOfEvents() {
        engine.hearOfEvents()
    }

    /// Refuses new work, finishes what waits, and leaves one file that needs no recovery. Calling it again does nothing.
    public func close() async {
        await engine.close()
    }
}

extension WorkTimes {
    /// A body that says when it runs.
    fileprivate func around<T>(_ body: @escaping @Sendable (Reader) throws -> T) -> @Sendable (Reader) throws -> T {
        { reader in
            self.bodyBegan()
            defer { self.bodyEnded() }
            return try body(reader)
        }
    }
}

/// How often a full disk is tried.
private final class ProbePace: Sendable {
    private let last = Mutex<ContinuousClock.Instant?>(nil)

    /// Whether the last try is a second ago; counts as one.
    func isDue() -> Bool {
        last.withLock { last in
            let now = ContinuousClock.now
            if let last, now - last < .seconds(1) { return false }
            last = now
            return true
        }
    }
}
