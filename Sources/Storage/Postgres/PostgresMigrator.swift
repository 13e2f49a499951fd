import Dispatch
import Foundation
import Logging

/// Brings a schema up to date, or refuses to start with one that does not fit the program. Of several processes one migrates,
/// and the others wait.
struct PostgresMigrator {
    private let connection: PostgresConnection
    private let settings: PostgresSettings

    private static let pauseBetweenTries = 0.05

    init(_ connection: PostgresConnection, _ settings: PostgresSettings) {
        self.connection = connection
        self.settings = settings
    }

    private var schema: String { settings.location.schema }

    /// Makes the schema where it is missing, and runs the migrations that it has not seen, each in one transaction with its record.
    func migrate(_ parts: [SchemaPart]) throws {
        try runScript("SET default_transaction_read_only = off; SET statement_timeout = 0; SET lock_timeout = 0")
        try lock()
        if try value("SELECT 1 FROM pg_namespace WHERE nspname = ?", [.text(schema)]) == nil {
            try runScript("CREATE SCHEMA \"\(schema)\"")
        }
        if try value("SELECT 1 FROM pg_tables WHERE schemaname = ? AND tablename = 'hms_migrations'", [.text(schema)]) == nil {
            try runScript(recordTable)
        }
        let pending = try parts.flatMap { part in
            try part.pending(after: try appliedMigrations(of: part.component)).map { (part.component, $0) }
        }
        for (index, (component, migration)) in pending.enumerated() {
            try beating(.migrating(step: index + 1, of: pending.count)) { try apply(migration, of: component) }
        }
        try requireBinaryOrder()
    }

    /// The columns of each unique index, by its name; none where it is over an expression.
    func uniqueIndexes() throws -> [String: [String]] {
        let sql = """
            SELECT c.relname, CASE WHEN i.indexprs IS NULL THEN (
                SELECT string_agg(a.attname, ',' ORDER BY k.place) FROM unnest(i.indkey) WITH ORDINALITY AS k (attribute, place)
                JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attribute) ELSE '' END
            FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname = ? AND i.indisunique
            """
        var columns: [String: [String]] = [:]
        try forEachRow(sql, [.text(schema)]) { columns[$0.text(0)] = $0.text(1).split(separator: ",").map(String.init) }
        return columns
    }

    /// Held until the connection closes. Asked for again and again, so that whoever waits is told of.
    private func lock() throws {
        while try value("SELECT pg_try_advisory_lock(hashtextextended(?, 0))", [.text("hms migrations of \(schema)")]) != 1 {
            settings.configuration.onOpening(.waitingForLock(holder: nil))
            Thread.sleep(forTimeInterval: Self.pauseBetweenTries)
        }
    }

    private func apply(_ migration: Migration, of component: String) throws {
        do {
            try connection.runScript("BEGIN")
            try connection.runScript(migration.sql)
            try connection.runScript(binaryOrder)
            try connection.send(
                "INSERT INTO hms_migrations (component, version, name, checksum, applied_at) VALUES (?, ?, ?, ?, ?)",
                [
                    .text(component), SQLValue(migration.version), .text(migration.recordedName), .text(migration.checksum),
                    .integer(Int64(Date().timeIntervalSince1970 * 1000)),
                ])
            _ = try connection.receive()
            try connection.runScript("COMMIT")
        } catch let failure as PostgresFailure {
            if failure.endsConnection || failure.error == .full { throw failure.error }
            throw StorageError.migration("\(component): version \(migration.version), \(migration.name), failed: \(failure.error)")
        }
        settings.logger.info(
            "migrated", metadata: ["component": "\(component)", "version": "\(migration.version)", "name": "\(migration.name)"])
    }

    /// Texts are compared byte by byte, as on SQLite, whatever the order of the database is. A column that says nothing of its
    /// order gets this one with the migration that makes it.
    private var binaryOrder: String {
        """
        DO $$ DECLARE one record; BEGIN
            FOR one IN \(Self.otherOrders("'\(schema)'")) LOOP
                EXECUTE format('ALTER TABLE %I.%I ALTER COLUMN %I TYPE text COLLATE "C"', '\(schema)', one.relname, one.attname);
            END LOOP;
        END $$
        """
    }

    private func requireBinaryOrder() throws {
        var columns: [String] = []
        try forEachRow(Self.otherOrders("?"), [.text(schema)]) { columns.append("\($0.text(0)).\($0.text(1))") }
        guard columns.isEmpty else {
            throw StorageError.migration("columns that are not COLLATE \"C\": \(columns.joined(separator: ", "))")
        }
    }

    private static func otherOrders(_ schema: String) -> String {
        """
        SELECT c.relname, a.attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
        JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_collation o ON o.oid = a.attcollation
        WHERE n.nspname = \(schema) AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
        AND a.atttypid = 'text'::regtype AND o.collname <> 'C'
        """
    }
}

// MARK: - Asking

extension PostgresMigrator {
    private func appliedMigrations(of component: String) throws -> [AppliedMigration] {
        var applied: [AppliedMigration] = []
        try forEachRow("SELECT version, name, checksum FROM hms_migrations WHERE component = ? ORDER BY version", [.text(component)]) {
            applied.append(AppliedMigration(version: $0.int(0), name: $0.text(1), checksum: $0.text(2)))
        }
        return applied
    }

    private func value(_ sql: String, _ arguments: [SQLValue]) throws -> Int? {
        var value: Int?
        try forEachRow(sql, arguments) { value = $0.int(0) }
        return value
    }

    private func forEachRow(_ sql: String, _ arguments: [SQLValue], _ body: (borrowing Row) -> Void) throws {
        do {
            try connection.send(sql, arguments)
            try connection.receive()?.forEach { row in
                body(row)
                return true
            }
        } catch let failure as PostgresFailure {
            throw failure.error
        }
    }

    private func runScript(_ sql: String) throws {
        do {
            try connection.runScript(sql)
        } catch let failure as PostgresFailure {
            throw failure.error
        }
    }

    /// Says again and again that a migration gets on, while `body` waits for the server.
    private func beating(_ phase: OpeningPhase, _ body: () throws -> Void) rethrows {
        settings.configuration.onOpening(phase)
        let timer = DispatchSource.makeTimerSource()
        timer.schedule(deadline: .now() + .milliseconds(500), repeating: .milliseconds(500))
        timer.setEventHandler { [onOpening = settings.configuration.onOpening] in onOpening(phase) }
        timer.resume()
        defer { timer.cancel() }
        try body()
    }
}

private let recordTable = """
    CREATE TABLE IF NOT EXISTS hms_migrations (
        component TEXT COLLATE "C" NOT NULL,
        version BIGINT NOT NULL,
        name TEXT COLLATE "C" NOT NULL,
        checksum TEXT COLLATE "C" NOT NULL,
        applied_at BIGINT NOT NULL,
        PRIMARY KEY (component, version)
    )
    """
