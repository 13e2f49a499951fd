import Testing

@testable import Storage

@Suite(.timeLimit(.minutes(10))) struct MigrationTests {
    private let first = Migration(version: 1, name: "one", sql: "CREATE TABLE one (id BIGINT)")
    private let second = Migration(version: 2, name: "two", sql: "CREATE TABLE two (id BIGINT); INSERT INTO two VALUES (7);")

    @Test func `migrations run once each and in order, whenever they arrive`() async throws {
        let folder = try TemporaryFolder()
        try await withDatabase(in: folder, schema: [first]) { try await $0.write { try $0.execute("INSERT INTO one VALUES (1)") } }
        for _ in 0..<2 {
            try await withDatabase(in: folder, schema: [first, second]) { database in
                let (one, two) = (try await database.integers("SELECT id FROM one"), try await database.integers("SELECT id FROM two"))
                #expect(one == [1])
                #expect(two == [7])
            }
        }
    }

    @Test func `a changed migration stops the start`() async throws {
        let changed = Migration(version: 1, name: "one", sql: "CREATE TABLE one (id BIGINT) ")
        #expect(try await refusal(before: [first], after: [changed]) == .migration("service: version 1 was changed after it ran"))
    }

    @Test func `a program starts on a database that a later version has added to, and the later one after it`() async throws {
        let folder = try TemporaryFolder()
        try await withDatabase(in: folder, schema: [first, second]) { _ in }
        try await withDatabase(in: folder, schema: [first]) { try await $0.write { try $0.execute("INSERT INTO one VALUES (1)") } }
        try await withDatabase(in: folder, schema: [first, second]) { database in
            let (one, two) = (try await database.integers("SELECT id FROM one"), try await database.integers("SELECT id FROM two"))
            #expect(one == [1])
            #expect(two == [7])
        }
    }

    @Test func `a migration that takes something away stops a program that does not know it, whatever was added since`() async throws {
        let contraction = Migration(version: 2, name: "no one", sql: "DROP TABLE one", contracts: true)
        let third = Migration(version: 3, name: "three", sql: "CREATE TABLE three (id BIGINT)")
        let refusal = try await refusal(before: [first, contraction, third], after: [first])
        #expect(refusal == .migration("service: the database has version 2, newer than this program, which can't work with it"))
    }

    @Test func `a migration missing among the recorded ones stops the start`() async throws {
        let folder = try TemporaryFolder()
        try await withDatabase(in: folder, schema: [first, second]) { database in
            try await database.write { try $0.execute("DELETE FROM hms_migrations WHERE component = 'service' AND version = 1") }
        }
        #expect(
            await storageError { try await withDatabase(in: folder, schema: [first, second]) { _ in } }
                == .migration("service: the database lacks version 1 but has 2"))
    }

    @Test func `versions are counted from one without gaps`() async throws {
        #expect(
            await storageError { try await withDatabase(schema: [second]) { _ in } }
                == .migration("service: version 2 stands where 1 belongs"))
    }

    @Test func `a migration that fails leaves nothing behind`() async throws {
        let folder = try TemporaryFolder()
        let broken = Migration(version: 2, name: "broken", sql: "CREATE TABLE two (id BIGINT); INSERT INTO nowhere VALUES (1)")
        try await withDatabase(in: folder, schema: [first]) { _ in }
        let error = await storageError { try await withDatabase(in: folder, schema: [first, broken]) { _ in } }
        guard case .migration(let sentence) = error else { return #expect(Bool(false), "\(String(describing: error))") }
        #expect(sentence.contains("version 2, broken"))
        try await withDatabase(in: folder, schema: [first, second]) { database in
            let two = try await database.integers("SELECT id FROM two")
            #expect(two == [7])
        }
    }

    @Test(.sqliteOnly) func `semicolons in text and triggers end no statement`() async throws {
        let trigger = Migration(
            version: 1, name: "trigger",
            sql: """
                CREATE TABLE log (line TEXT DEFAULT 'a;b');  -- a comment; with one
                CREATE TRIGGER echo AFTER INSERT ON log WHEN new.line <> 'echo;' BEGIN
                    INSERT INTO log VALUES ('echo;');
                    UPDATE log SET line = line || '!' WHERE line = 'x';
                END;
                INSERT INTO log DEFAULT VALUES;
                """)
        try await withDatabase(schema: [trigger]) { database in
            let lines = try await database.texts("SELECT line FROM log")
            #expect(lines == ["a;b", "echo;"])
        }
    }

    @Test func `the recorded checksum is the SHA-256 of the SQL`() {
        let abc = Migration(version: 1, name: "known answer", sql: "abc")
        #expect(abc.checksum == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    }

    private func refusal(before: [Migration], after: [Migration]) async throws -> StorageError? {
        let folder = try TemporaryFolder()
        try await withDatabase(in: folder, schema: Schema(before)) { _ in }
        return await storageError { try await withDatabase(in: folder, schema: Schema(after)) { _ in } }
    }
}
