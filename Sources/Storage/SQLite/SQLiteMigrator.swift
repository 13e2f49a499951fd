import Foundation
import Logging

/// Brings a schema up to date, or refuses to start with one that does not fit the program.
struct SQLiteMigrator {
    private let connection: SQLiteConnection
    private let logger: Logger
    private let onOpening: @Sendable (OpeningPhase) -> Void

    init(_ connection: SQLiteConnection, logger: Logger, onOpening: @escaping @Sendable (OpeningPhase) -> Void) {
        self.connection = connection
        self.logger = logger
        self.onOpening = onOpening
    }

    /// Runs the migrations that the file has not seen, in order, each in one transaction with its record. Nothing is
    /// changed in a file that does not fit.
    func migrate(_ parts: [SchemaPart]) throws {
        try connection.runScript(recordTable)
        let pending = try parts.flatMap { part in try self.pending(part).map { (part.component, $0) } }
        for (index, (component, migration)) in pending.enumerated() {
            let phase = OpeningPhase.migrating(step: index + 1, of: pending.count)
            try Heartbeat.during(connection, { onOpening(phase) }) { try apply(migration, of: component) }
        }
    }

    private func pending(_ part: SchemaPart) throws -> ArraySlice<Migration> {
        try part.pending(after: try appliedMigrations(of: part.component))
    }

    private func appliedMigrations(of component: String) throws -> [AppliedMigration] {
        var applied: [AppliedMigration] = []
        let sql = "SELECT version, name, checksum FROM hms_migrations WHERE component = ? ORDER BY version"
        try connection.forEachRow(sql, [.text(component)]) { row in
            applied.append(AppliedMigration(version: row.int(0), name: row.text(1), checksum: row.text(2)))
            return true
        }
        return applied
    }

    private func apply(_ migration: Migration, of component: String) throws {
        do {
            // References are checked at the commit, so that tables can be rebuilt.
            try connection.runScript("BEGIN IMMEDIATE; PRAGMA defer_foreign_keys = ON;")
            try connection.runScript(migration.sql)
            try record(migration, of: component)
            try connection.runScript("COMMIT")
        } catch {
            // Why it failed is the error to tell; what can't be undone here is undone when the file is opened again.
            try? connection.runScript("ROLLBACK")
            if let error = error as? StorageError, error == .full || error == .corrupt { throw error }
            throw StorageError.migration("\(component): version \(migration.version), \(migration.name), failed: \(error)")
        }
        logger.info("migrated", metadata: ["component": "\(component)", "version": "\(migration.version)", "name": "\(migration.name)"])
    }

    private func record(_ migration: Migration, of component: String) throws {
        let appliedAt = Int64(Date().timeIntervalSince1970 * 1000)
        _ = try connection.run(
            "INSERT INTO hms_migrations (component, version, name, checksum, applied_at) VALUES (?, ?, ?, ?, ?)",
            [.text(component), SQLValue(migration.version), .text(migration.recordedName), .text(migration.checksum), .integer(appliedAt)])
    }
}

private let recordTable = """
    CREATE TABLE IF NOT EXISTS hms_migrations (
        component TEXT NOT NULL,
        version BIGINT NOT NULL,
        name TEXT NOT NULL,
        checksum TEXT NOT NULL,
        applied_at BIGINT NOT NULL,
        PRIMARY KEY (component, version)
    )
    """
