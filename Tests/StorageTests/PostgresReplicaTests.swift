import StorageTestKit
import Testing

@testable import Storage

/// Reports read from a replica. Another database stands for one that is behind: what it shows tells which was read.
@Suite(.timeLimit(.minutes(5)), .enabled(if: TestServer.isPresent, "HMS_TEST_POSTGRES names no server")) struct PostgresReplicaTests {
    private let notes: Schema = [
        Migration(version: 1, name: "notes", sql: "CREATE TABLE notes (value BIGINT NOT NULL PRIMARY KEY)")
    ]

    private func open(_ url: String, reports: String) async throws -> Database {
        try await Database.open(.postgres(url: url, schema: "notes").readingReports(from: reports), schema: notes, logger: quiet)
    }

    private func values(_ reader: Reader) throws -> [Int] {
        try reader.rows("SELECT value FROM notes ORDER BY value") { $0.int(0) }
    }

    private func insert(_ value: Int, into database: Database) async throws {
        try await database.write { try $0.execute("INSERT INTO notes VALUES (?)", [SQLValue(value)]) }
    }

    @Test func `reports are read from the replica, and everything else from the database`() async throws {
        try await TestServer.withOwnDatabase { _, main in
            try await TestServer.withOwnDatabase { _, behind in
                let replica = try await open(behind, reports: behind)
                try await insert(1, into: replica)
                let database = try await open(main, reports: behind)
                for value in [1, 2] { try await insert(value, into: database) }
                #expect(try await database.report(values) == [1])
                #expect(try await database.scan(values) == [1, 2])
                #expect(try await database.read(values) == [1, 2])
                await database.close()
                await replica.close()
            }
        }
    }

    @Test func `a replica takes no writes from us`() async throws {
        try await TestServer.withOwnDatabase { _, url in
            let database = try await open(url, reports: url)
            await #expect(throws: StorageError.self) {
                try await database.report { reader in try reader.rows("INSERT INTO notes VALUES (1) RETURNING value") { $0.int(0) } }
            }
            #expect(try await database.read(values).isEmpty)
            await database.close()
        }
    }

    @Test func `where the replica is away, the database answers, and its opening waits for no replica`() async throws {
        try await TestServer.withOwnDatabase { _, url in
            let database = try await open(url, reports: "postgres://nobody@127.0.0.1:1/none")
            try await insert(7, into: database)
            for _ in 1...3 { #expect(try await database.report(values) == [7]) }
            await database.close()
        }
    }

    @Test func `what a report does wrong is told, and not tried again elsewhere`() async throws {
        try await TestServer.withOwnDatabase { _, url in
            let database = try await open(url, reports: url)
            await #expect(throws: StorageError.self) {
                try await database.report { try $0.rows("SELECT nothing FROM nowhere") { $0.int(0) } }
            }
            await database.close()
        }
    }
}
