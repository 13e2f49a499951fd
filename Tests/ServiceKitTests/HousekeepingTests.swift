import HMSTestKit
import Storage
import Testing

@testable import ServiceKit

@Suite(.timeLimit(.minutes(10))) struct HousekeepingTests {
    private static let now: Int64 = 1_772_422_200_000
    private static let day: Int64 = 86_400_000

    private let hospital: TestHospital

    init() throws {
        hospital = try TestHospital()
    }

    private func record(_ key: String, madeAt instant: Int64, keptForGood: Bool = false) -> IdempotencyRecord {
        IdempotencyRecord(
            key: IdempotencyKey(caller: "c", method: "m", key: key), fingerprint: [1], status: 0, response: [2], createdAt: instant,
            keepForever: keptForGood)
    }

    @Test func `answers are kept for their time, those of payments for good`() async throws {
        let database = try await hospital.open(Notebook.definition()).resources.database
        let records = [
            record("old", madeAt: Self.now - Self.day - 1), record("young", madeAt: Self.now - Self.day),
            record("payment", madeAt: 0, keptForGood: true),
        ]
        try await database.write { transaction in
            for record in records { try transaction.insert(record) }
        }
        let housekeeping = housekeeping(of: database, hearers: [])
        try await housekeeping.clean(at: Self.now)
        let store = IdempotencyStore(database)
        var kept: [String] = []
        for record in records {
            if try await store.find(record.key) != nil { kept.append(record.key.key) }
        }
        #expect(kept == ["young", "payment"])
    }

    @Test func `events that everybody has received are kept for a week by the hospital's clock, wherever it stands`() async throws {
        let database = try await hospital.open(Notebook.definition()).resources.database
        let week = 7 * Self.day
        for (id, madeAt) in [("old", Self.now - week - 1), ("young", Self.now - week)] {
            let event = OutboxEvent(id: id, type: "t", aggregateID: id, payload: [], correlationID: "c", createdAt: madeAt)
            try await database.write { try $0.publish(event) }
        }
        try await database.write { try $0.execute("INSERT INTO hms_outbox_cursors (subscriber, position) VALUES ('reader', 2)") }
        let housekeeping = housekeeping(of: database, hearers: [OutboxHearer(name: "reader")])
        try await housekeeping.clean(at: Self.now + 300 * Self.day)
        let kept = try await database.read { try $0.rows("SELECT event_id FROM hms_outbox") { $0.text(0) } }
        #expect(kept == ["young"])
    }

    @Test func `events are kept for who is not configured, and dead letters are told of`() async throws {
        let database = try await hospital.open(Notebook.definition()).resources.database
        try await database.write { transaction in
            for (id, type) in [("evt_1", "told"), ("evt_2", "untold"), ("evt_3", "untold")] {
                try transaction.publish(
                    OutboxEvent(id: id, type: type, aggregateID: id, payload: [], correlationID: "c", createdAt: 0))
            }
            try transaction.execute(
                "INSERT INTO hms_outbox_dead (subscriber, sequence, reason, attempts) VALUES ('somebody', 3, 'NO', 8)")
        }
        try await housekeeping(of: database, hearers: [OutboxHearer(name: "stranger", types: ["told"])]).clean(at: Self.now)
        #expect(try await database.read { try $0.rows("SELECT event_id FROM hms_outbox") { $0.text(0) } } == ["evt_1", "evt_3"])
        #expect(hospital.log.lines.contains { $0.contains("Dead letters wait to be revived") && $0.contains("somebody") })
    }

    private func housekeeping(of database: Database, hearers: [OutboxHearer]) -> Housekeeping {
        Housekeeping(
            database: database, hearers: hearers, clock: hospital.clock.clock, logger: hospital.log.logger(),
            idempotencyRetention: .seconds(86_400), eventRetention: .seconds(7 * 86_400))
    }
}
