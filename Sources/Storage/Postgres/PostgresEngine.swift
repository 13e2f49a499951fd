import Foundation
import Logging
import Synchronization

/// PostgreSQL behind ``StorageEngine``: one schema of one database, and threads that wait for its server.
///
/// Writes are SERIALIZABLE and each has a commit of its own, which the server groups. Reads see one state. A write whose
/// connection broke while its commit was on its way is answered by ``StorageError/outcomeUnknown`` and never made again.
final class PostgresEngine: StorageEngine {
    private let threads: PostgresThreads
    private let scanThreads: PostgresThreads
    /// Nil where there is no replica.
    private let replica: PostgresReplica?
    private let scanTimeLimit: Duration
    private let outboxSignal: OutboxSignal
    private let outboxChannel: OutboxChannel
    private let writes = Atomic(0)
    private let isFull = Atomic(false)

    private init(_ settings: PostgresSettings, _ uniqueIndexes: [String: [String]], _ outboxSignal: OutboxSignal) throws {
        let reach = PostgresReach()
        let configuration = settings.configuration
        var longReads = settings
        longReads.use = .longReads
        threads = PostgresThreads(
            "hms-postgres", most: configuration.connections, bound: configuration.waitingWritesBound
        ) { PostgresWorker(settings, reach, uniqueIndexes: uniqueIndexes) }
        scanThreads = PostgresThreads(
            "hms-scan", most: configuration.scanThreads, bound: configuration.waitingScansBound
        ) { [longReads] in PostgresWorker(longReads, reach, uniqueIndexes: uniqueIndexes) }
        scanTimeLimit = configuration.scanTimeLimit
        replica = configuration.replica.map { PostgresReplica(at: $0, longReads, uniqueIndexes) }
        self.outboxSignal = outboxSignal
        outboxChannel = try OutboxChannel(settings, outboxSignal)
    }

    /// Threads outlive a database that nobody closed, until they have done what waits.
    deinit {
        threads.stop()
        scanThreads.stop()
        replica?.threads.stop()
        outboxChannel.stop()
    }

    static func open(
        _ location: PostgresLocation, _ configuration: DatabaseConfiguration, schema: Schema, logger: Logger, _ outboxSignal: OutboxSignal
    ) async throws -> PostgresEngine {
        let settings = PostgresSettings(
            location: location, configuration: configuration, pq: try PostgresLibrary.open(), logger: logger)
        let parts = [
            SchemaPart(component: "storage", migrations: storageSchema.postgres),
            SchemaPart(component: "service", migrations: schema.postgres),
        ]
        let uniqueIndexes = try await runOnThread {
            let connection = try settings.connect()
            try settings.requireFit(connection)
            let migrator = PostgresMigrator(connection, settings)
            try migrator.migrate(parts)
            return try migrator.uniqueIndexes()
        }
        return try PostgresEngine(settings, uniqueIndexes, outboxSignal)
    }

    func read<T: Sendable>(_ body: @escaping @Sendable (Reader) throws -> T) async throws -> T {
        try await threads.ask { PostgresRead(body, $0) }
    }

    func readAtOnce<T>(_ body: (Reader) throws -> T) throws -> T? { nil }

    func scan<T: Sendable>(_ body: @escaping @Sendable (Reader) throws -> T) async throws -> T {
        let deadline = ContinuousClock.now + scanTimeLimit
        return try await scanThreads.ask { PostgresScan(body, until: deadline, $0) }
    }

    func report<T: Sendable>(_ body: @escaping @Sendable (Reader) throws -> T) async throws -> T {
        if let value = try await replica?.read(body, until: ContinuousClock.now + scanTimeLimit) { return value }
        return try await scan(body)
    }

    func write<T: Sendable>(_ body: @escaping @Sendable (Transaction) throws -> T) async throws -> T {
        do {
            let value = try await threads.ask { PostgresWrite(body, afterCommit: { [self] in tell(of: $0) }, $0) }
            writes.add(1, ordering: .relaxed)
            isFull.store(false, ordering: .relaxed)
            return value
        } catch StorageError.full {
            isFull.store(true, ordering: .relaxed)
            throw StorageError.full
        }
    }

    /// Wakes the relays of this process, and those of others where one of them is the one that delivers.
    private func tell(of types: Set<String>) {
        if !types.isEmpty && outboxSignal.notify(of: types) { outboxChannel.tell(of: types) }
    }

    func hearOfEvents() {
        outboxChannel.start()
    }

    let isShared = true

    var counts: StorageCounts {
        let writes = writes.load(ordering: .relaxed)
        let (short, long) = (threads.counts, scanThreads.counts)
        return StorageCounts(
            commits: writes, writes: writes, waitingWrites: threads.waitingCount, connections: short.all + long.all,
            connectionsInUse: short.inUse + long.inUse)
    }

    var condition: StorageCondition { isFull.load(ordering: .relaxed) ? .full : .sound }

    /// Writes more into the server's log than what a small write takes.
    func tryRoom() async throws {
        try await write { transaction in
            _ = try transaction.exists("SELECT pg_logical_emit_message(true, 'hms', repeat(' ', 131072))")
        }
    }

    func backup(to path: String) async throws {
        throw Self.ownBackup
    }

    func hold(for limit: Duration) async throws -> WriteHold {
        throw Self.ownBackup
    }

    private static let ownBackup = StorageError.unsupported(
        "PostgreSQL is backed up by pg_dump, or with its log to any point in time; see the README")

    /// Autovacuum's to do.
    func scrub() async throws {}

    /// References and keys are the server's to keep, and its pages pg_amcheck's to check: what is checked here is that every table
    /// can be read.
    func check() async throws {
        try await scan { reader in
            let tables = try reader.rows("SELECT tablename::text FROM pg_tables WHERE schemaname = current_schema()") { $0.text(0) }
            for table in tables { _ = try reader.row("SELECT count(t.*) FROM \"\(table)\" t") { $0.int(0) } }
        }
    }

    func close() async {
        await threads.close()
        await scanThreads.close()
        await replica?.threads.close()
        await outboxChannel.close()
    }
}
