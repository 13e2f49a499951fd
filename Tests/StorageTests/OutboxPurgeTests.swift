import Testing

@testable import Storage

/// What the outbox forgets, and what it does not.
@Suite(.timeLimit(.minutes(10))) struct OutboxPurgeTests {
    private let billing = OutboxHearer(name: "billing", types: ["told"])
    private let notification = OutboxHearer(name: "notification", types: ["told", "rare"])

    @Test func `events are purged when all who hear of them have them and they are old`() async throws {
        try await withDatabase { database in
            try await publish(10, of: "told", database)
            try await database.setPosition(10, of: "billing")
            #expect(try await database.purgeOutbox(heardBy: [billing], createdBefore: 10) == 0)
            #expect(try await database.purgeOutbox(heardBy: [billing], createdBefore: 11) == 9)
        }
    }

    @Test func `a place is never used again, whatever was forgotten`() async throws {
        let folder = try TemporaryFolder()
        try await withDatabase(in: folder) { database in
            try await publish(10, of: "told", database)
            #expect(try await database.purgeOutbox(heardBy: [], createdBefore: .max) == 9)
        }
        try await withDatabase(in: folder) { database in
            try await publish(1, of: "told", from: 10, database)
            #expect(try await database.integers("SELECT sequence FROM hms_outbox ORDER BY sequence") == [10, 11])
        }
    }

    @Test(.sqliteOnly) func `an outbox of before goes on after its last place, though every event of it was forgotten`() async throws {
        let folder = try TemporaryFolder()
        let settings = SQLiteSettings(path: folder.databasePath, configuration: .sqlite(path: folder.databasePath))
        let connection = try settings.openWriter()
        let schema = SchemaPart(component: "storage", migrations: Array(sqliteStorageMigrations.prefix(4)))
        try SQLiteMigrator(connection, logger: quiet, onOpening: { _ in }).migrate([schema])
        try connection.runScript(
            "INSERT INTO hms_outbox VALUES (41, 'evt_41', 't', 'apt_1', x'00', 'c', 0); DELETE FROM hms_outbox; SELECT 1;")
        try connection.close()
        try await withDatabase(in: folder) { database in
            try await publish(1, of: "told", database)
            #expect(try await database.integers("SELECT max(sequence) FROM hms_outbox") == [42])
            #expect(try await database.purgeOutbox(heardBy: [], createdBefore: .max) == 1)
        }
    }

    /// One that is down, and one that has never been configured: neither has a place in the outbox beyond what it has.
    @Test func `nothing is purged that somebody has not heard, however old it is`() async throws {
        try await withDatabase { database in
            try await publish(10, of: "told", database)
            try await database.setPosition(10, of: "billing")
            #expect(try await database.purgeOutbox(heardBy: [billing, notification], createdBefore: .max) == 0)
            try await database.setPosition(4, of: "notification")
            #expect(try await database.purgeOutbox(heardBy: [billing, notification], createdBefore: .max) == 4)
            try await database.setPosition(10, of: "notification")
            #expect(try await database.purgeOutbox(heardBy: [billing, notification], createdBefore: .max) == 5)
        }
    }

    @Test func `one who has not heard keeps only events of the types that he hears of`() async throws {
        try await withDatabase { database in
            try await publish(3, of: "told", database)
            try await publish(3, of: "rare", from: 3, database)
            try await database.setPosition(6, of: "billing")
            #expect(
                try await database.purgeOutbox(heardBy: [billing, OutboxHearer(name: "other", types: ["rare"])], createdBefore: .max) == 3)
            #expect(try await database.texts("SELECT DISTINCT type FROM hms_outbox") == ["rare"])
        }
    }

    @Test func `what nobody hears of is purged by its age alone`() async throws {
        try await withDatabase { database in
            try await publish(1_234, of: "untold", database)
            #expect(try await database.purgeOutbox(heardBy: [billing], createdBefore: 10) == 0)
            #expect(try await database.purgeOutbox(heardBy: [], createdBefore: 11) == 1_233)
        }
    }

    @Test func `what waits for another try and what was given up is kept, and holds up nothing`() async throws {
        try await withDatabase { database in
            try await publish(1_200, of: "told", database)
            try await database.setPosition(1_200, of: "billing")
            try await database.write { transaction in
                try transaction.execute(
                    "INSERT INTO hms_outbox_held (subscriber, sequence, aggregate_id, attempts, due_at) VALUES ('billing', 1, 'apt_0', 1, 0)"
                )
                try transaction.execute(
                    "INSERT INTO hms_outbox_dead (subscriber, sequence, reason, attempts) VALUES ('billing', 700, 'NO', 8)")
            }
            #expect(try await database.purgeOutbox(heardBy: [billing], createdBefore: .max) == 1_197)
            #expect(try await database.integers("SELECT sequence FROM hms_outbox ORDER BY sequence") == [1, 700, 1_200])
        }
    }

    /// Looking for what can go must not read what has to stay: a purge that finds nothing is a handful of index entries.
    @Test func `a purge that finds nothing reads next to nothing`() async throws {
        try await withDatabase { database in
            try await publish(20_000, of: "told", database)
            try await database.setPosition(20_000, of: "billing")
            let before = database.counts
            #expect(try await database.purgeOutbox(heardBy: [billing], createdBefore: 1) == 0)
            #expect(try await database.purgeOutbox(heardBy: [billing, notification], createdBefore: .max) == 0)
            #expect(database.counts.commits == before.commits && database.counts.movedReads == before.movedReads)
        }
    }

    private func publish(_ count: Int, of type: String, from first: Int = 0, _ database: Database) async throws {
        try await database.write { transaction in
            for number in first..<first + count { try transaction.publish(event("evt_\(number)", of: "apt_\(number)", type: type)) }
        }
    }
}

extension Database {
    fileprivate func setPosition(_ position: Int64, of subscriber: String) async throws {
        try await write { transaction in
            try transaction.execute(
                """
                INSERT INTO hms_outbox_cursors (subscriber, position) VALUES (?, ?)
                ON CONFLICT (subscriber) DO UPDATE SET position = excluded.position
                """, [.text(subscriber), .integer(position)])
        }
    }
}
