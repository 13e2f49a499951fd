import Foundation
import Logging
import Synchronization

/// SQLite behind ``StorageEngine``: one file, one writer thread, readers beside it.
final class SQLiteEngine: StorageEngine {
    private let settings: SQLiteSettings
    private let writer: SQLiteWriter
    private let inlineReaders: InlineReaders
    private let scanThreads: ScanThreads
    private let movedReads = Atomic(0)
    private let logger: Logger

    private init(_ settings: SQLiteSettings, _ writer: SQLiteWriter, _ inlineReaders: InlineReaders, logger: Logger) {
        self.settings = settings
        self.writer = writer
        self.inlineReaders = inlineReaders
        self.logger = logger
        scanThreads = ScanThreads(settings, logger: logger)
    }

    /// Threads outlive a database that nobody closed, until they have done what waits.
    deinit {
        scanThreads.stop()
        writer.stop()
    }

    static func open(
        path: String, _ configuration: DatabaseConfiguration, schema: Schema, logger: Logger, _ outboxSignal: OutboxSignal
    ) async throws -> SQLiteEngine {
        try makePrivateFile(at: path)
        let lock = try await LockFile.waiting(beside: path, configuration)
        let settings = SQLiteSettings(path: path, configuration: configuration)
        let parts = [
            SchemaPart(component: "storage", migrations: storageSchema.sqlite), SchemaPart(component: "service", migrations: schema.sqlite),
        ]
        do {
            let writer = try await SQLiteWriter.start(settings, lock, outboxSignal, logger: logger) { connection in
                try SQLiteMigrator(connection, logger: logger, onOpening: configuration.onOpening).migrate(parts)
            }
            do {
                return SQLiteEngine(settings, writer, try InlineReaders(settings), logger: logger)
            } catch {
                await writer.close()
                throw error
            }
        } catch StorageError.corrupt {
            throw StorageError.damaged(path: path)
        } catch StorageError.full {
            throw StorageError.noRoom(path: path)
        }
    }

    func read<T: Sendable>(_ body: @escaping @Sendable (Reader) throws -> T) async throws -> T {
        if let result = try inlineReaders.read(body) { return result }
        movedReads.add(1, ordering: .relaxed)
        return try await scanThreads.read(body)
    }

    func readAtOnce<T>(_ body: (Reader) throws -> T) throws -> T? {
        try inlineReaders.read(body)
    }

    func scan<T: Sendable>(_ body: @escaping @Sendable (Reader) throws -> T) async throws -> T {
        try await scanThreads.read(body)
    }

    func report<T: Sendable>(_ body: @escaping @Sendable (Reader) throws -> T) async throws -> T {
        try await scan(body)
    }

    func write<T: Sendable>(_ body: @escaping @Sendable (Transaction) throws -> T) async throws -> T {
        try await writer.write(body)
    }

    /// The lock file keeps others out.
    let isShared = false
    var counts: StorageCounts {
        var counts = writer.counts
        counts.movedReads = movedReads.load(ordering: .relaxed)
        let log = try? FileManager.default.attributesOfItem(atPath: settings.path + "-wal")
        counts.logBytes = log?[.size] as? Int ?? 0
        return counts
    }

    var condition: StorageCondition { writer.condition }

    /// There are no other processes.
    func hearOfEvents() {}

    func tryRoom() async throws {
        try await writer.tryRoom()
    }

    func backup(to path: String) async throws {
        try await runOnThread { [settings] in
            let snapshot = try SQLiteSnapshot(of: settings.path)
            try SQLiteBackup(to: path).run(of: snapshot)
            try snapshot.close()
        }
    }

    func hold(for limit: Duration) async throws -> WriteHold {
        try await WriteHold.take(of: settings.path, for: limit, by: writer)
    }

    func scrub() async throws {
        try await writer.scrub()
    }

    func check() async throws {
        let faults = try await scanThreads.read { reader in
            try reader.rows("SELECT * FROM pragma_integrity_check", []) { $0.text(0) }.filter { $0 != "ok" }
                + reader.rows("SELECT DISTINCT \"table\" FROM pragma_foreign_key_check", []) { "dangling reference in \($0.text(0))" }
        }
        guard faults.isEmpty else { throw StorageError.integrity(faults) }
    }

    func close() async {
        do {
            try await inlineReaders.close()
        } catch {
            logger.error("a reading connection did not close", metadata: ["error": "\(error)"])
        }
        await scanThreads.close()
        await writer.close()
    }
}

/// Makes the folder 0700 and an empty file 0600 where there is none. SQLite gives the log the mode of the file.
private func makePrivateFile(at path: String) throws {
    let folder = (path as NSString).deletingLastPathComponent
    do {
        try FileManager.default.createDirectory(
            atPath: folder.isEmpty ? "." : folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    } catch {
        throw StorageError.cannotOpen("\(folder): \(error)")
    }
    let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    if descriptor >= 0 {
        close(descriptor)
    } else if errno != EEXIST {
        throw StorageError.cannotOpen("\(path): \(String(cString: strerror(errno)))")
    }
}
