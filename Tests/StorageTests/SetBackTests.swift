import Testing

@testable import Storage

/// A receiver that is set back to a backup, as its sender sees it.
@Suite(.timeLimit(.minutes(10))) struct SetBackTests {
    private let billing = OutboxHearer(name: "billing", types: nil)

    private func delivered(_ count: Int, _ receiver: Receiver, _ database: Database) async throws {
        try await relaying(database, [receiver.subscriber("billing")]) { _ in
            for number in 0..<count { try await database.publish("evt_\(number)", of: "apt_\(number)") }
            await receiver.hasReceived(count)
        }
        let asked = try await database.eventsToAsk(of: billing, limit: 100)
        try await database.noteAsked(asked, of: "billing", missing: [])
    }

    @Test func `what was asked for once is not asked for again, in no later process either`() async throws {
        let folder = try TemporaryFolder()
        try await withDatabase(in: folder) { try await delivered(5, Receiver(), $0) }
        try await withDatabase(in: folder) { database in
            let asked = try await database.eventsToAsk(of: billing, limit: 100)
            #expect(asked.events.isEmpty && asked.lastApplied == "evt_4")
        }
    }

    @Test func `a receiver that does not know what it applied last is asked for everything`() async throws {
        try await withDatabase { database in
            let receiver = Receiver()
            try await delivered(5, receiver, database)
            receiver.setBack(to: 2)
            try await relaying(database, [receiver.subscriber("billing")]) { relay in
                try await database.publish("evt_5", of: "apt_5")
                await receiver.hasReceived(3)
                while relay.counts["billing"]?.delivered != 1 { await Task.yield() }
                #expect(relay.counts["billing"]?.setBacks == 1)
            }
            let asked = try await database.eventsToAsk(of: billing, limit: 100)
            #expect(asked.events.map(\.id) == (0...5).map { "evt_\($0)" })
        }
    }

    @Test func `what is missing is sent again, in order of each aggregate and before what is new of it`() async throws {
        try await withDatabase { database in
            try await database.write { transaction in
                for number in 0..<4 { try transaction.publish(event("evt_\(number)", of: "apt_\(number % 2)")) }
            }
            let receiver = Receiver()
            try await relaying(database, [receiver.subscriber("billing")]) { _ in await receiver.hasReceived(4) }
            receiver.setBack(to: 0)
            let asked = try await database.eventsToAsk(of: billing, limit: 100)
            try await database.noteAsked(asked, of: "billing", missing: asked.events)
            try await database.publish("evt_4", of: "apt_0")
            try await relaying(database, [receiver.subscriber("billing")]) { _ in await receiver.hasReceived(5) }
            #expect(receiver.ids.filter { ["evt_0", "evt_2", "evt_4"].contains($0) } == ["evt_0", "evt_2", "evt_4"])
            #expect(receiver.ids.filter { ["evt_1", "evt_3"].contains($0) } == ["evt_1", "evt_3"])
        }
    }

    @Test func `a receiver that is set back while it is asked is asked again`() async throws {
        try await withDatabase { database in
            try await delivered(3, Receiver(), database)
            try await database.noteSetBack(of: "billing")
            let asked = try await database.eventsToAsk(of: billing, limit: 100)
            try await database.noteSetBack(of: "billing")
            try await database.noteAsked(asked, of: "billing", missing: [])
            #expect(try await database.eventsToAsk(of: billing, limit: 100).events.count == 3)
        }
    }

    @Test func `the receiver keeps the receipt of what it applied last, and of all that is kept`() async throws {
        try await withDatabase { database in
            #expect(try await database.firstPlaceKept(for: "billing") == nil)
            try await delivered(5, Receiver(), database)
            #expect(try await database.firstPlaceKept(for: "billing") == 1)
            try await database.write { try $0.execute("DELETE FROM hms_outbox WHERE sequence < 4") }
            #expect(try await database.firstPlaceKept(for: "billing") == 4)
            try await database.write { try $0.execute("DELETE FROM hms_outbox") }
            #expect(try await database.firstPlaceKept(for: "billing") == 5)
        }
    }

    @Test(.sqliteOnly) func `a database of the first version opens: what it held is tried, and nothing old is asked for`() async throws {
        let folder = try TemporaryFolder()
        let settings = SQLiteSettings(path: folder.databasePath, configuration: .sqlite(path: folder.databasePath))
        let connection = try settings.openWriter()
        let first = SchemaPart(component: "storage", migrations: Array(sqliteStorageMigrations.prefix(1)))
        try SQLiteMigrator(connection, logger: quiet, onOpening: { _ in }).migrate([first])
        try connection.runScript(
            """
            INSERT INTO hms_outbox VALUES (1, 'evt_1', 't', 'apt_1', x'00', 'c', 0), (2, 'evt_2', 't', 'apt_1', x'00', 'c', 0);
            INSERT INTO hms_outbox VALUES (3, 'evt_3', 't', 'apt_2', x'00', 'c', 0);
            INSERT INTO hms_outbox_cursors VALUES ('billing', 3);
            INSERT INTO hms_outbox_held VALUES ('billing', 1, 'apt_1', 2), ('billing', 2, 'apt_1', 0);
            INSERT INTO hms_inbox VALUES ('me', 'evt_9', 5);
            """)
        try connection.close()
        try await withDatabase(in: folder) { database in
            #expect(try await database.eventsToAsk(of: billing, limit: 9).events.isEmpty)
            #expect(try await database.eventsNeverClaimed(["evt_9"], by: "me").isEmpty)
            let receiver = Receiver()
            try await relaying(database, [receiver.subscriber("billing")]) { _ in await receiver.hasReceived(2) }
            #expect(receiver.ids == ["evt_1", "evt_2"])
        }
    }
}
