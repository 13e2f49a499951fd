import Crypto
import Foundation
import Logging

/// The migrations of one part of a database: Storage's own, or the service's.
struct Schema {
    let component: String
    let migrations: [Migration]
}

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
    func migrate(_ schemas: [Schema]) throws {
        try connection.runScript(recordTable)
        let pending = try schemas.flatMap { schema in try self.pending(schema).map { (schema.component, $0) } }
        for (index, (component, migration)) in pending.enumerated() {
            let phase = OpeningPhase.migrating(step: index + 1, of: pending.count)
            try Heartbeat.during(connection, { onOpening(phase) }) { try apply(migration, of: component) }
        }
    }

    private func pending(_ schema: Schema) throws -> ArraySlice<Migration> {
        try requireAscending(schema.migrations, of: schema.component)
        let applied = try appliedMigrations(of: schema.component)
        try requireUnchanged(schema.migrations, applied, of: schema.component)
        return schema.migrations.dropFirst(applied.count)
    }

    private func requireAscending(_ migrations: [Migration], of component: String) throws {
        for (index, migration) in migrations.enumerated() where migration.version != index + 1 {
            throw StorageError.migration("\(component): version \(migration.version) stands where \(index + 1) belongs")
        }
    }

    private func appliedMigrations(of component: String) throws -> [AppliedMigration] {
        var applied: [AppliedMigration] = []
        let sql = "SELECT version, checksum FROM hms_migrations WHERE component = ? ORDER BY version"
        try connection.forEachRow(sql, [.text(component)]) { row in
            applied.append(AppliedMigration(version: row.int(0), checksum: row.text(1)))
            return true
        }
        return applied
    }

    private func requireUnchanged(_ migrations: [Migration], _ applied: [AppliedMigration], of component: String) throws {
        for (index, record) in applied.enumerated() {
            guard record.version == index + 1 else {
                throw StorageError.migration("\(component): the database lacks version \(index + 1) but has \(record.version)")
            }
            guard index < migrations.count else {
                throw StorageError.migration("\(component): the database has version \(record.version), newer than this program")
            }
            guard record.checksum == migrations[index].checksum else {
                throw StorageError.migration("\(component): version \(record.version) was changed after it ran")
            }
        }
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
            [.text(component), SQLValue(migration.version), .text(migration.name), .text(migration.checksum), .integer(appliedAt)])
    }
}

private struct AppliedMigration {
    let version: Int
    let checksum: String
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

extension Migration {
    /// SHA-256 of the SQL, in hexadecimal digits.
    var checksum: String {
        SHA256.hash(data: Array(sql.utf8)).map { byte in
            let digits = String(byte, radix: 16)
            return byte < 16 ? "0" + digits : digits
        }.joined()
    }
}
