import CSQLiteMemory
import Foundation
import GRDB

/// How connections are opened, and the proof that the writer is durable.
struct SQLiteSettings: Sendable {
    let path: String
    let configuration: DatabaseConfiguration

    /// The one connection that writes and checkpoints.
    ///
    /// SQLite up to 3.51.2 can corrupt a log that two connections write or checkpoint at once, so there is only this one
    /// in the process that holds the lock file; the others are opened read-only. Checkpoints are the writer's own decision
    /// (`wal_autocheckpoint = 0`), taken after callers were answered.
    func openWriter() throws -> SQLiteConnection {
        var settings = Configuration()
        settings.label = "writer"
        settings.busyMode = .timeout(5)
        let connection = try open(settings)
        guard try connection.pragma("journal_mode = WAL") == "wal" else { throw StorageError.notDurable("no write-ahead log") }
        try connection.runScript(
            """
            PRAGMA synchronous = FULL;
            PRAGMA wal_autocheckpoint = 0;
            PRAGMA journal_size_limit = 67108864;
            PRAGMA cell_size_check = ON;
            """)
        if let pages = configuration.maximumPages { try connection.runScript("PRAGMA max_page_count = \(pages)") }
        try apply(cacheKiB: configuration.writerCacheKiB, to: connection)
        try assertDurable(connection)
        return connection
    }

    /// A connection that only reads. It never waits for a lock: where it would, the caller is moved to another thread.
    func openReader() throws -> SQLiteConnection {
        var settings = Configuration()
        settings.label = "reader"
        settings.readonly = true
        let connection = try open(settings)
        try apply(cacheKiB: configuration.readerCacheKiB, to: connection)
        return connection
    }

    /// GRDB leaves `synchronous = NORMAL` on connections it puts into WAL mode, which loses acknowledged writes at a power
    /// cut; whoever changes the opening must not bring that back unnoticed.
    func assertDurable(_ connection: SQLiteConnection) throws {
        let wanted: [(String, SQLValue)] = [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1), ("trusted_schema", 0)]
        for (name, value) in wanted where try connection.pragma(name) != value {
            throw StorageError.notDurable("PRAGMA \(name) is not what it must be")
        }
    }

    private func open(_ settings: Configuration) throws -> SQLiteConnection {
        // Where somebody else has opened a database before, SQLite counts on, and is only slower.
        _ = Self.memoryIsNotCounted
        do {
            return try SQLiteConnection(path: path, configuration: settings)
        } catch {
            throw StorageError(error)
        }
    }

    private static let memoryIsNotCounted = hms_sqlite_count_no_memory() == 0

    private func apply(cacheKiB: Int, to connection: SQLiteConnection) throws {
        try connection.runScript(
            """
            PRAGMA trusted_schema = OFF;
            PRAGMA cache_size = \(-cacheKiB);
            PRAGMA mmap_size = 0;
            PRAGMA temp_store = MEMORY;
            """)
    }
}
