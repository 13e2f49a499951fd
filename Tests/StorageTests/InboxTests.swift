import Testing

@testable import Storage

@Suite struct InboxTests {
    @Test func `of 64 deliveries of one event exactly one is the first`() async throws {
        try await withDatabase { database in
            let claims = try await withThrowingTaskGroup(of: Bool.self) { group in
                for _ in 0..<64 { group.addTask { try await database.claim("evt_1", consumer: "billing", at: 1) } }
                return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            #expect(claims == 1)
            #expect(try await database.claim("evt_1", consumer: "notification", at: 1))
        }
    }

    @Test func `a claim is undone with its effect`() async throws {
        try await withDatabase { database in
            _ = try? await database.write { transaction in
                #expect(try transaction.claim("evt_1", consumer: "billing", at: 1))
                throw Refusal()
            }
            let isFirst = try await database.claim("evt_1", consumer: "billing", at: 1)
            #expect(isFirst)
        }
    }

    @Test func `old claims of senders that say no place are purged, however many`() async throws {
        try await withDatabase { database in
            try await database.write { transaction in
                for number in 0..<1200 { _ = try transaction.claim("evt_\(number)", consumer: "billing", at: Int64(number)) }
                _ = try transaction.claim("evt_placed", consumer: "billing", from: "appointment", place: 1, at: 0)
            }
            #expect(try await database.purgeInbox(receivedBefore: 1100) == 1100)
            #expect(try await database.purgeInbox(receivedBefore: 1100) == 0)
            #expect(try await database.eventsNeverClaimed(["evt_placed", "evt_1", "evt_1100"], by: "billing") == ["evt_1"])
        }
    }

    @Test func `the claims of a sender are forgotten up to the place that it names, in bounded portions`() async throws {
        try await withDatabase { database in
            try await database.write { transaction in
                for place in 1...700 {
                    for producer in ["appointment", "payment"] {
                        _ = try transaction.claim("\(producer)_\(place)", consumer: "billing", from: producer, place: Int64(place), at: 0)
                    }
                }
            }
            #expect(try await database.forgetReceipts(of: "appointment", before: 601))
            #expect(try await database.forgetReceipts(of: "appointment", before: 601) == false)
            let claims = try await database.texts("SELECT event_id FROM hms_inbox WHERE producer = 'appointment' ORDER BY place LIMIT 1")
            #expect(claims == ["appointment_601"])
            #expect(try await database.integers("SELECT count(*) FROM hms_inbox") == [800])
        }
    }
}
