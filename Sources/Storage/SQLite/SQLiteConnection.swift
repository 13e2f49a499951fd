import GRDB
import GRDBSQLite

/// One SQLite connection with its prepared statements.
///
/// GRDB opens, configures and closes it; statements run on the C handle directly, because GRDB's dispatch queue, authorizer
/// and observation hooks cost more than an indexed read takes. It is kept for the edges, where a mistake of ours would lose
/// data and years of its use have found most: opening without SQLite's own mutexes and with extended codes, what to wait for
/// at a lock, closing while statements are alive, the online backup (``SQLiteBackup``), and SQLite itself as a module.
final class SQLiteConnection: SQLSession {
    let dialect = SQLDialect.sqlite
    private let queue: DatabaseQueue
    let handle: OpaquePointer
    private var cache = StatementCache(capacity: 96)
    private var controls: [SQLiteStatement] = []
    private var marks: AttemptMarks?
    /// Whether statements of services run here: outside of a transaction (SQLite ends it by itself when the disk is full)
    /// each would commit alone.
    var requiresTransaction = false
    /// Whether a statement of this transaction has failed, so that nothing of it can be kept. PostgreSQL has it so; here it is
    /// kept likewise, so that what would fail there is found here.
    private(set) var isDoomed = false

    /// Opens the file and makes the connection ours alone: GRDB's callbacks are removed from it.
    init(path: String, configuration: Configuration) throws {
        queue = try DatabaseQueue(path: path, configuration: configuration)
        guard let handle = queue.inDatabase({ $0.sqliteConnection }) else {
            throw StorageError.cannotOpen(path)
        }
        self.handle = handle
        sqlite3_set_authorizer(handle, nil, nil)
        sqlite3_commit_hook(handle, nil, nil)
        sqlite3_rollback_hook(handle, nil, nil)
    }

    /// Releases the statements and closes the file.
    func close() throws {
        cache.removeAll()
        for control in controls { control.finalize() }
        try queue.close()
    }

    func run(_ sql: String, _ arguments: [SQLValue]) throws -> Int {
        let before = sqlite3_total_changes64(handle)
        try forEachRow(sql, arguments) { _ in true }
        // The count of the last change outlives statements that change nothing; the total tells them apart.
        return sqlite3_total_changes64(handle) == before ? 0 : Int(sqlite3_changes64(handle))
    }

    func forEachRow(_ sql: String, _ arguments: [SQLValue], _ body: (borrowing Row) throws -> Bool) throws {
        if requiresTransaction && sqlite3_get_autocommit(handle) != 0 { throw StorageError.transactionEnded }
        if isDoomed { throw StorageError.doomed }
        let statement = try prepared(sql)
        do {
            try statement.forEachRow(arguments, body)
        } catch {
            // The error may be the body's own, which has nothing to do with the transaction.
            if statement.hasFailed { isDoomed = requiresTransaction }
            throw error
        }
    }

    func forEachRowOfMany(_ sql: String, _ arguments: [SQLValue], _ body: (borrowing Row) throws -> Bool) throws {
        try forEachRow(sql, arguments, body)
    }

    func hasRow(_ sql: String, _ arguments: [SQLValue]) throws -> Bool {
        var found = false
        try forEachRow(sql, arguments) { _ in
            found = true
            return false
        }
        return found
    }

    func pendingRow<T>(_ sql: String, _ arguments: [SQLValue], _ make: @escaping (borrowing Row) throws -> T) throws -> PendingRow<T> {
        var first: T?
        try forEachRow(sql, arguments) { row in
            first = try make(row)
            return false
        }
        return PendingRow(first)
    }

    func enqueue(_ sql: String, _ arguments: [SQLValue]) throws {
        try forEachRow(sql, arguments) { _ in true }
    }

    /// Forgets what an earlier transaction has come to.
    func beginAnew() {
        isDoomed = false
    }

    func attempt<T>(_ body: () throws -> T) throws -> T {
        if isDoomed { throw StorageError.doomed }
        let marks = try attemptMarks()
        try marks.begin.run()
        do {
            let result = try body()
            if isDoomed { throw StorageError.doomed }
            try marks.release.run()
            return result
        } catch {
            // A full disk has ended the whole transaction, and with it the savepoint.
            guard sqlite3_get_autocommit(handle) == 0 else { throw error }
            try marks.undo.run()
            try marks.release.run()
            isDoomed = false
            throw error
        }
    }

    /// The statements around an attempt, prepared when the first one is made.
    private func attemptMarks() throws -> AttemptMarks {
        if let marks { return marks }
        let new = AttemptMarks(
            begin: try control("SAVEPOINT attempt"), release: try control("RELEASE attempt"), undo: try control("ROLLBACK TO attempt"))
        marks = new
        return new
    }

    /// The statement of this text, ready to run; within its own rows a second one for the time.
    private func prepared(_ sql: String) throws -> SQLiteStatement {
        do {
            let statement = try cache.statement(sql) { try prepareOne($0) }
            return statement.isRunning ? try prepareOne(sql) : statement
        } catch {
            isDoomed = requiresTransaction
            throw error
        }
    }

    /// The value of a pragma that returns one.
    func pragma(_ text: String) throws -> SQLValue {
        var value = SQLValue.null
        try prepare("PRAGMA \(text)").statement.forEachRow([]) { row in
            value = row.value(0)
            return false
        }
        return value
    }

    /// Runs SQL of any number of statements; SQLite's own parser finds where each ends.
    func runScript(_ sql: String) throws {
        var rest = sql[...]
        while !rest.allSatisfy(\.isWhitespace) {
            let (statement, consumed) = try prepare(String(rest), allowsNothing: true)
            rest = Substring(String(decoding: rest.utf8.dropFirst(consumed), as: UTF8.self))
            try statement?.forEachRow([]) { _ in true }
        }
    }

    /// The statement to begin, end or mark a transaction.
    func control(_ sql: String) throws -> SQLiteStatement {
        let statement = try prepare(sql).statement
        controls.append(statement)
        return statement
    }
}

// MARK: - Preparing

extension SQLiteConnection {
    private func prepareOne(_ sql: String) throws -> SQLiteStatement {
        try StatementText(sql: sql).requireNoControl()
        let (statement, consumed) = try prepare(sql)
        guard sql.utf8.dropFirst(consumed).allSatisfy({ $0 == 0x20 || $0 == 0x0A || $0 == 0x3B }) else {
            throw StorageError.invalidStatement("one statement at a time")
        }
        return statement
    }

    private func prepare(_ sql: String) throws -> (statement: SQLiteStatement, consumed: Int) {
        let (statement, consumed) = try prepare(sql, allowsNothing: false)
        guard let statement else { throw StorageError.invalidStatement("empty") }
        return (statement, consumed)
    }

    private func prepare(_ sql: String, allowsNothing: Bool) throws -> (statement: SQLiteStatement?, consumed: Int) {
        var sql = sql
        return try sql.withUTF8 { utf8 in
            try utf8.withMemoryRebound(to: CChar.self) { bytes in
                var statement: OpaquePointer?
                var tail: UnsafePointer<CChar>?
                let code = sqlite3_prepare_v3(
                    handle, bytes.baseAddress, Int32(bytes.count), UInt32(SQLITE_PREPARE_PERSISTENT), &statement, &tail)
                guard code == SQLITE_OK else { throw StorageError(prepareCode: code, connection: handle) }
                let consumed = if let tail, let start = bytes.baseAddress { tail - start } else { bytes.count }
                return (statement.map(SQLiteStatement.init(handle:)), consumed)
            }
        }
    }
}

/// The savepoint of an attempt. Attempts within attempts have the same name: SQLite takes the innermost.
private struct AttemptMarks {
    let begin: SQLiteStatement
    let release: SQLiteStatement
    let undo: SQLiteStatement
}
