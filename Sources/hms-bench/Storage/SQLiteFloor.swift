import GRDBSQLite

/// The least that the same rows cost: SQLite's C interface on one thread, write-ahead log, every commit flushed.
final class SQLiteFloor {
    private var connection: OpaquePointer?
    private var statements: [String: OpaquePointer] = [:]
    private var nextID = 0

    struct Failure: Error { let code: Int32 }

    init(path: String) throws {
        let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX
        try demand(sqlite3_open_v2(path, &connection, flags, nil))
        for pragma in ["journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", "cache_size = -4096"] {
            try run("PRAGMA \(pragma)")
        }
        try run(benchTable)
    }

    deinit {
        for statement in statements.values { sqlite3_finalize(statement) }
        sqlite3_close(connection)
    }

    /// Inserts `count` rows, `batch` of them to a commit.
    func insert(_ count: Int, batch: Int) throws {
        var left = count
        while left > 0 {
            try run("BEGIN IMMEDIATE")
            for _ in 0..<min(batch, left) { try insertOne() }
            try run("COMMIT")
            left -= batch
        }
    }

    private func insertOne() throws {
        let statement = try prepared(benchInsert)
        let id = "floor_\(nextID)"
        nextID += 1
        try demand(sqlite3_bind_text(statement, 1, id, -1, copied))
        try demand(sqlite3_bind_text(statement, 2, benchPayload, -1, copied))
        try finish(statement)
    }

    /// Looks the row of `id` up and returns the length of what it holds.
    func read(_ id: String) throws -> Int {
        let statement = try prepared(benchSelect)
        try demand(sqlite3_bind_text(statement, 1, id, -1, copied))
        guard sqlite3_step(statement) == SQLITE_ROW else { throw Failure(code: SQLITE_NOTFOUND) }
        let length = Int(sqlite3_column_bytes(statement, 0))
        sqlite3_reset(statement)
        return length
    }

    private func run(_ sql: String) throws {
        try finish(prepared(sql))
    }

    private func finish(_ statement: OpaquePointer) throws {
        var code = sqlite3_step(statement)
        while code == SQLITE_ROW { code = sqlite3_step(statement) }
        sqlite3_reset(statement)
        guard code == SQLITE_DONE else { throw Failure(code: code) }
    }

    private func prepared(_ sql: String) throws -> OpaquePointer {
        if let statement = statements[sql] { return statement }
        var statement: OpaquePointer?
        try demand(sqlite3_prepare_v2(connection, sql, -1, &statement, nil))
        guard let statement else { throw Failure(code: SQLITE_MISUSE) }
        statements[sql] = statement
        return statement
    }

    private func demand(_ code: Int32) throws {
        if code != SQLITE_OK { throw Failure(code: code) }
    }
}

let benchTable = "CREATE TABLE IF NOT EXISTS rows (id TEXT NOT NULL PRIMARY KEY, payload TEXT NOT NULL)"
let benchInsert = "INSERT INTO rows (id, payload) VALUES (?, ?)"
let benchSelect = "SELECT payload FROM rows WHERE id = ?"
/// As long as a patient's record.
let benchPayload = String(repeating: "x", count: 200)

private let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
