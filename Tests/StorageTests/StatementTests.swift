import StorageTestKit
import Testing

@testable import Storage

@Suite(.timeLimit(.minutes(10))) struct StatementTests {
    private let kinds = Schema(
        sqlite: [Migration(version: 1, name: "kinds", sql: "CREATE TABLE kinds (i BIGINT, r REAL, t TEXT, b BLOB, n TEXT)")],
        postgres: [Migration(version: 1, name: "kinds", sql: "CREATE TABLE kinds (i BIGINT, r DOUBLE PRECISION, t TEXT, b BYTEA, n TEXT)")])

    @Test func `every kind of value comes back as it went in`() async throws {
        try await withDatabase(schema: kinds) { database in
            // PostgreSQL stores no NUL in a text.
            let text = TestServer.isAbsent ? "naïve\0 \u{1F3E5}" : "naïve \u{1F3E5}"
            let values: [SQLValue] = [.integer(.min), .real(0.1), .text(text), .blob([0, 255, 7]), .null]
            try await database.write { try $0.execute("INSERT INTO kinds VALUES (?, ?, ?, ?, ?)", values) }
            let read = try await database.read { try $0.row("SELECT * FROM kinds") { row in (0..<row.count).map { row.value($0) } } }
            #expect(read == values)
        }
    }

    @Test func `empty text and empty bytes are not NULL`() async throws {
        try await withDatabase(schema: kinds) { database in
            try await database.write { try $0.execute("INSERT INTO kinds (t, b) VALUES (?, ?)", ["", .blob([])]) }
            let read = try await database.read { try $0.row("SELECT t, b FROM kinds") { ($0.textOrNil(0), $0.blobOrNil(1)) } }
            #expect(read?.0 == "")
            #expect(read?.1 == [])
        }
    }

    @Test func `asking a column for what it does not hold is an error`() async throws {
        try await withDatabase(schema: kinds) { database in
            try await database.write { try $0.execute("INSERT INTO kinds (i) VALUES (1)") }
            #expect(
                await storageError { try await database.read { try $0.row("SELECT t FROM kinds") { $0.text(0) } } }
                    == .unexpectedValue(column: "t"))
            #expect(
                await storageError { try await database.read { try $0.row("SELECT i FROM kinds") { $0.text(0) } } }
                    == .unexpectedValue(column: "i"))
            #expect(try await database.read { try $0.row("SELECT t FROM kinds") { $0.textOrNil(0) } } == .some(nil))
        }
    }

    @Test func `the count of changes is the statement's own`() async throws {
        try await withDatabase { database in
            for index in 0..<3 { try await database.insertPatient("pat_\(index)") }
            let counts = try await database.write { transaction in
                [
                    try transaction.execute("UPDATE patients SET name = ?", ["Alan"]),
                    try transaction.execute("UPDATE patients SET name = ? WHERE id = ?", ["Alan", "nobody"]),
                    try transaction.execute("SELECT 1"),
                    try transaction.execute("DELETE FROM patients WHERE id = ?", ["pat_0"]),
                ]
            }
            #expect(counts == [3, 0, 0, 1])
        }
    }

    @Test func `the same statement can run within its own rows`() async throws {
        try await withDatabase { database in
            for index in 0..<3 { try await database.insertPatient("pat_\(index)") }
            let sql = "SELECT id FROM patients ORDER BY id"
            let pairs = try await database.read { reader in
                try reader.rows(sql) { outer in
                    let id = outer.text(0)
                    return try reader.rows(sql) { id + $0.text(0) }
                }
            }
            #expect(pairs.map(\.count) == [3, 3, 3])
            #expect(pairs[2][1] == "pat_2pat_1")
        }
    }

    @Test func `more statements than the cache holds all work`() async throws {
        try await withDatabase { database in
            let numbers = try await database.read { reader in
                try (0..<300).map { number in try reader.row("SELECT \(number)") { $0.int(0) } ?? -1 }
            }
            #expect(numbers == Array(0..<300))
        }
    }

    @Test func `arguments must be as many as parameters`() async throws {
        try await withDatabase { database in
            let error = await storageError { try await database.read { try $0.exists("SELECT ? + ?", [1]) } }
            #expect(error == .invalidStatement("2 parameters, 1 arguments"))
        }
    }

    @Test(arguments: [
        "BEGIN", "COMMIT", " rollback", "SAVEPOINT s", "PRAGMA synchronous = OFF", "ATTACH 'x' AS y", "VACUUM", "SELECT 1; SELECT 2", "",
    ])
    func `transactions, settings and several statements at once are not for services`(sql: String) async throws {
        try await withDatabase { database in
            let error = await storageError { try await database.write { try $0.execute(sql) } }
            guard case .invalidStatement = error else { return #expect(Bool(false), "\(sql) gave \(String(describing: error))") }
        }
    }
}

@Suite(.timeLimit(.minutes(10))) struct StorageErrorTests {
    @Test func `a violated constraint is told by name`() async throws {
        try await withDatabase { database in
            try await database.insertPatient("pat_1", email: "ada@example.org")
            try await database.write { try $0.execute("INSERT INTO visits VALUES ('v1', 'pat_1', '2026-01-01')") }
            func error(_ sql: String) async -> StorageError? { await storageError { try await database.write { try $0.execute(sql) } } }

            #expect(
                await error("INSERT INTO patients VALUES ('pat_2', 'Ada', 'ada@example.org', 1)")
                    == .uniqueViolation(index: "patients_by_email", columns: ["email"]))
            #expect(
                await error("INSERT INTO visits VALUES ('v2', 'pat_1', '2026-01-01')")
                    == .uniqueViolation(index: "visits_patient_id_day_key", columns: ["patient_id", "day"]))
            #expect(await error("INSERT INTO patients VALUES ('pat_2', 'Ada', NULL, 151)") == .checkViolation(name: "patients_age"))
            #expect(await error("INSERT INTO patients VALUES ('pat_2', NULL, NULL, 1)") == .notNullViolation(column: "patients.name"))
            #expect(await error("INSERT INTO visits VALUES ('v3', 'pat_9', '2026-01-01')") == .foreignKeyViolation)
        }
    }

    @Test(.sqliteOnly) func `no error carries what was searched`() async throws {
        let search = Migration(version: 1, name: "search", sql: "CREATE VIRTUAL TABLE names USING fts5 (name)")
        try await withDatabase(schema: [search]) { database in
            let error = await storageError {
                try await database.read { try $0.rows("SELECT name FROM names WHERE names MATCH ?", [.text("\"Lovelace")]) { $0.text(0) } }
            }
            #expect(error == .failed(code: 1))
        }
    }

    @Test func `no error carries a value`() async throws {
        try await withDatabase { database in
            try await database.insertPatient("pat_1", email: "ada@example.org")
            let error = await storageError { try await database.insertPatient("pat_2", name: "Ada", email: "ada@example.org") }
            #expect(!String(reflecting: error).contains("example"))
        }
    }

    @Test func `a wrong statement says what is wrong`() async throws {
        try await withDatabase { database in
            let error = await storageError { try await database.read { try $0.exists("SELECT shoe_size FROM patients") } }
            guard case .invalidStatement(let reason) = error else { return #expect(Bool(false), "\(String(describing: error))") }
            #expect(reason == (TestServer.isAbsent ? "no such column: shoe_size" : "column \"shoe_size\" does not exist"))
        }
    }
}
