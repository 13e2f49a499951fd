import StorageTestKit
import Testing

@testable import Storage

/// Events that one process commits and another one delivers. Nobody looks for them here: relays pause for an hour.
@Suite(.timeLimit(.minutes(2)), .enabled(if: TestServer.isPresent, "HMS_TEST_POSTGRES names no server")) struct OutboxChannelTests {
    @Test func `an event that one process commits is delivered by the relay of another, which hears of it`() async throws {
        try await withTwoProcesses { one, other, _ in
            let receiver = Receiver()
            try await relaying(one, [receiver.subscriber("billing")]) { _ in
                await hears(one)
                // The first may be found because it was looked for when the hearing began. For the others nobody looks.
                for number in 1...4 {
                    try await other.publish("evt_\(number)", of: "apt_1")
                    await receiver.hasReceived(number)
                }
            }
            #expect(receiver.ids == ["evt_1", "evt_2", "evt_3", "evt_4"])
        }
    }

    @Test func `a relay that waits for its turn tells the one whose turn it is`() async throws {
        try await withTwoProcesses { one, other, _ in
            let receiver = Receiver()
            try await relaying(one, [receiver.subscriber("billing")]) { _ in
                await hears(one)
                try await one.publish("evt_0", of: "apt_1")
                await receiver.hasReceived(1)
                try await relaying(other, [receiver.subscriber("billing")]) { _ in
                    await hears(other)
                    for number in 1...3 {
                        try await other.publish("evt_\(number)", of: "apt_1")
                        await receiver.hasReceived(number + 1)
                    }
                }
            }
            #expect(receiver.ids == ["evt_0", "evt_1", "evt_2", "evt_3"])
        }
    }

    @Test func `of an event that its own process delivers no other is told`() async throws {
        try await withTwoProcesses { one, other, schema in
            let listener = try PostgresSettings(schema: schema).connect()
            try listener.runScript("LISTEN \"\(schema)\"")
            let receiver = Receiver()
            try await relaying(one, [receiver.subscriber("billing")]) { _ in
                // Whoever publishes before his relay has its turn tells others, who may have it.
                try await one.publish("evt_0", of: "apt_1", type: "test.early")
                await receiver.hasReceived(1)
                for number in 1...3 {
                    try await one.publish("evt_\(number)", of: "apt_1", type: "test.own")
                    await receiver.hasReceived(number + 1)
                }
                try await other.publish("evt_4", of: "apt_1", type: "test.elsewhere")
                var told: Set<String> = []
                while !told.contains("test.elsewhere") {
                    for news in try listener.takeNotifications().map(OutboxNews.init) { told.formUnion(news.types) }
                }
                #expect(!told.contains("test.own"))
            }
        }
    }

    @Test func `a process whose listening connection breaks hears again, and misses nothing`() async throws {
        try await withTwoProcesses { one, other, schema in
            let receiver = Receiver()
            try await relaying(one, [receiver.subscriber("billing")]) { _ in
                for number in 1...3 {
                    await hears(one)
                    try serverScript(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%LISTEN \"\(schema)\"' AND pid <> pg_backend_pid()"
                    )
                    try await other.publish("evt_\(number)", of: "apt_1")
                    await receiver.hasReceived(number)
                }
            }
            #expect(receiver.ids == ["evt_1", "evt_2", "evt_3"])
        }
    }

    /// Two databases over one schema: as far as they know, each is a process of its own.
    private func withTwoProcesses(_ body: (_ one: Database, _ other: Database, _ schema: String) async throws -> Void) async throws {
        let folder = try TemporaryFolder()
        try await withDatabase(in: folder) { one in
            try await withDatabase(in: folder) { other in try await body(one, other, folder.schema) }
        }
    }

    private func hears(_ database: Database) async {
        while !database.outboxSignal.isHearing { await Task.yield() }
    }
}
