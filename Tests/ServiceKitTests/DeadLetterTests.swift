import Contracts
import FieldChecks
import HMSTestKit
import RPC
import ServiceKit
import Storage
import Testing

/// Dead letters, as an operator sees and revives them.
@Suite struct DeadLetterTests {
    private let hospital: TestHospital

    init() throws {
        hospital = try TestHospital()
    }

    /// A service with five dead letters: of each number, for billing, and of the even ones for notification too.
    private func withDeadLetters(_ body: (DeadLetterServiceClient, Database) async throws -> Void) async throws {
        let assembly = try await hospital.open(ServiceDefinition(name: "appointment", schema: []) { _ in [] })
        let database = assembly.resources.database
        try await database.write { transaction in
            for number in 1...3 {
                try transaction.publish(
                    OutboxEvent(
                        id: "evt_\(number)", type: "appointment.completed", aggregateID: "apt_\(number)", payload: [], correlationID: "c",
                        createdAt: 1_000))
            }
            try transaction.execute(
                """
                INSERT INTO hms_outbox_dead (subscriber, sequence, reason, attempts, died_at) VALUES
                ('billing', 1, 'NO', 8, 2000), ('billing', 2, 'NO', 8, 2000), ('billing', 3, 'NO', 8, 2000),
                ('notification', 1, 'NEVER', 8, 3000), ('notification', 3, 'NEVER', 8, 3000)
                """)
        }
        let client = DeadLetterServiceClient(ChannelOfCaller(assembly.channel, try await hospital.options(.admin)))
        try await body(client, database)
        await assembly.close()
    }

    private func left(_ database: Database) async throws -> [String] {
        try await database.read { try $0.deadLetters(limit: 9).map { "\($0.subscriber) \($0.eventID)" } }
    }

    @Test func `dead letters are listed page by page, with why and since when`() async throws {
        try await withDeadLetters { client, _ in
            var letters: [DeadLetter] = []
            var request = ListDeadLettersRequest(pageSize: 2)
            repeat {
                let page = try await client.listDeadLetters(request)
                #expect(page.total == 5 && page.deadLetters.count <= 2)
                letters += page.deadLetters
                request.pageToken = page.nextPageToken
            } while !request.pageToken.isEmpty
            #expect(
                letters.map { "\($0.subscriber) \($0.eventID)" } == [
                    "billing evt_1", "billing evt_2", "billing evt_3", "notification evt_1", "notification evt_3",
                ])
            let last = try #require(letters.last)
            #expect(
                last.eventType == "appointment.completed" && last.aggregateID == "apt_3" && last.reason == "NEVER" && last.attempts == 8)
            #expect(last.occurredAt == ProtobufTimestamp(seconds: 1) && last.diedAt == ProtobufTimestamp(seconds: 3))
        }
    }

    @Test func `those of one subscriber are listed and counted alone`() async throws {
        try await withDeadLetters { client, _ in
            let page = try await client.listDeadLetters(ListDeadLettersRequest(subscriber: "notification"))
            #expect(page.deadLetters.map(\.eventID) == ["evt_1", "evt_3"] && page.total == 2)
            let token = try await client.listDeadLetters(ListDeadLettersRequest(pageSize: 1)).nextPageToken
            let error = await #expect(throws: RPCError.self) {
                try await client.listDeadLetters(ListDeadLettersRequest(subscriber: "billing", pageToken: token))
            }
            #expect(error?.code == .invalidArgument)
        }
    }

    @Test func `a revived event is sent again to all who refused it, or to one of them`() async throws {
        try await withDeadLetters { client, database in
            let request = ReviveDeadLettersRequest(eventIds: ["evt_1", "evt_9"])
            #expect(try await client.reviveDeadLetters(request).revived == 2)
            #expect(try await client.reviveDeadLetters(request).revived == 0, "doing it again is harmless")
            #expect(try await left(database) == ["billing evt_2", "billing evt_3", "notification evt_3"])
            #expect(try await client.reviveDeadLetters(.init(eventIds: ["evt_3"], subscriber: "billing")).revived == 1)
            #expect(try await left(database) == ["billing evt_2", "notification evt_3"])
            let held = try await database.read { reader in
                try reader.rows("SELECT subscriber || sequence, attempts, due_at FROM hms_outbox_held ORDER BY sequence, subscriber") {
                    "\($0.text(0)) \($0.int(1)) \($0.int(2))"
                }
            }
            #expect(held == ["billing1 0 0", "notification1 0 0", "billing3 0 0"])
        }
    }

    @Test(arguments: [("", 5, 0), ("billing", 3, 2)])
    func `all are revived, or all of one subscriber`(subscriber: String, revived: Int32, rest: Int) async throws {
        try await withDeadLetters { client, database in
            let answer = try await client.reviveDeadLetters(ReviveDeadLettersRequest(all: true, subscriber: subscriber))
            #expect(answer == ReviveDeadLettersResponse(revived: revived))
            #expect(try await left(database).count == rest)
        }
    }

    @Test(arguments: [ReviveDeadLettersRequest(), ReviveDeadLettersRequest(subscriber: "billing"), .init(eventIds: ["evt_1"], all: true)])
    func `whoever revives says which, or that he means all`(request: ReviveDeadLettersRequest) async throws {
        try await withDeadLetters { client, database in
            let error = await #expect(throws: RPCError.self) { try await client.reviveDeadLetters(request) }
            #expect(error?.code == .invalidArgument && error?.violations.map(\.field) == ["event_ids"])
            let left = try await left(database)
            #expect(left.count == 5)
        }
    }
}
