import GRDB

/// Several database files of SQLite side by side.
///
/// Each file is a schema of its own name, so a table is `billing.bills`. Nothing is migrated, nothing is written.
/// It belongs to one task.
///
/// ```swift
/// let files = try DatabaseFiles(["patient": "var/patient/patient.sqlite"], held: true)
/// let count = try files.read { try $0.row("SELECT count(*) FROM patient.patients") { $0.int(0) } }
/// ```
public final class DatabaseFiles: DatabasesSideBySide {
    private let connection: SQLiteConnection
    private let reader: Reader
    private let locks: [LockFile]

    /// - Parameters:
    ///   - paths: by the name of the schema, of letters only; ten at most.
    ///   - held: keeps every other process from opening them until ``close()``.
    /// - Throws: ``StorageError/cannotOpen(_:)`` where a file is not there, ``StorageError/locked(path:holder:)`` where
    ///   somebody has one.
    public init(_ paths: [String: String], held: Bool) throws {
        locks = held ? try paths.values.map { try LockFile(beside: $0) } : []
        var settings = Configuration()
        settings.label = "files"
        // What is attached to a connection that only reads is read only as well.
        settings.readonly = true
        do {
            connection = try SQLiteConnection(path: ":memory:", configuration: settings)
        } catch {
            throw StorageError(error)
        }
        reader = Reader(session: connection)
        for (name, path) in paths.sorted(by: { $0.key < $1.key }) { try attach(name, path) }
    }

    /// Runs statements over one state of each file.
    public func read<T>(_ body: (Reader) throws -> T) throws -> T {
        try connection.runScript("BEGIN")
        let result = Result { try body(reader) }
        try connection.runScript("COMMIT")
        return try result.get()
    }

    /// `wal`, where a service has opened it; `delete` for a copy.
    public func journalMode(of name: String) throws -> String {
        guard case .text(let mode) = try connection.pragma("\(name).journal_mode") else {
            throw StorageError.unexpectedValue(column: "journal_mode")
        }
        return mode
    }

    /// What is wrong with a file: pages, indexes and rows that contradict one another.
    public func damage(of name: String) throws -> [String] {
        try read { reader in
            try reader.rows("SELECT integrity_check FROM pragma_integrity_check(NULL, ?)", [.text(name)]) { $0.text(0) }
        }.filter { $0 != "ok" }
    }

    /// Rows of a file that refer to no other, one text each.
    public func danglingReferences(of name: String) throws -> [String] {
        try read { reader in
            try reader.rows("SELECT \"table\", \"parent\" FROM pragma_foreign_key_check(NULL, ?)", [.text(name)]) { row in
                "\(row.text(0)) refers to nothing in \(row.text(1))"
            }
        }
    }

    /// Copies one of the files, as ``Database/backup(to:)`` does.
    public func copy(_ path: String, to target: String) throws {
        let snapshot = try SQLiteSnapshot(of: path)
        try SQLiteBackup(to: target).run(of: snapshot)
        try snapshot.close()
    }

    /// Lets go of the files.
    public func close() throws {
        try connection.close()
        for lock in locks { lock.release() }
    }

    private func attach(_ name: String, _ path: String) throws {
        guard !name.isEmpty, name.allSatisfy({ $0.isASCII && $0.isLetter }) else {
            throw StorageError.invalidStatement("“\(name)” can't name a schema")
        }
        do {
            try connection.control("ATTACH DATABASE ? AS \(name)").forEachRow([.text(path)]) { _ in true }
        } catch StorageError.corrupt {
            throw StorageError.damaged(path: path)
        } catch {
            throw StorageError.cannotOpen(path)
        }
    }
}
