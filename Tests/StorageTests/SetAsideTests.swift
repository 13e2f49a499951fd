import Testing

@testable import Storage

/// Of the events of one aggregate that are set aside the oldest is due and the others wait, whatever has happened between a relay's look at
/// what there is to do and what it writes down afterwards.
@Suite(.timeLimit(.minutes(10))) struct SetAsideTests {
    private func store(_ database: Database) -> OutboxStore {
        OutboxStore(database: database, subscriber: "billing", types: nil)
    }

    private func publish(_ numbers: ClosedRange<Int>, _ database: Database) async throws {
        for number in numbers { try await database.publish("evt_\(number)", of: "apt_1") }
    }

    private func settle(_ work: OutboxWork, _ store: OutboxStore, _ outcome: DeliveryOutcome) async throws {
        try await store.settle(
            upTo: try #require(work.position), outcome, waiting: work.fresh.filter(\.waitsBehind), due: { _ in 100 }, at: 10)
    }

    private func settleDue(_ store: OutboxStore, _ outcome: DeliveryOutcome) async throws {
        try await store.settleDue(outcome, due: { _ in 200 }, at: 10)
    }

    /// The events that are set aside, in order, each with when it is due.
    private func setAside(_ database: Database) async throws -> [String] {
        try await database.read { reader in
            try reader.rows(
                """
                SELECT o.event_id, h.due_at FROM hms_outbox_held h JOIN hms_outbox o ON o.sequence = h.sequence
                WHERE h.subscriber = 'billing' ORDER BY h.sequence
                """
            ) { "\($0.text(0)) \($0.int64OrNil(1).map { "at \($0)" } ?? "waits")" }
        }
    }

    @Test func `one that was to wait behind another is due where that has arrived meanwhile`() async throws {
        try await withDatabase { database in
            let store = store(database)
            try await publish(1...1, database)
            let first = try await store.work(limit: 10, at: 0)
            try await settle(first, store, DeliveryOutcome(failed: first.fresh))
            try await publish(2...2, database)
            let late = try await store.work(limit: 10, at: 0)
            #expect(late.fresh.map(\.waitsBehind) == [true])
            // The relay of another process, which has taken the place of this one.
            try await settleDue(store, DeliveryOutcome(delivered: try await store.work(limit: 10, at: 100).due))
            try await settle(late, store, DeliveryOutcome())
            #expect(try await setAside(database) == ["evt_2 at 0"])
        }
    }

    @Test func `one that is tried again waits where an older one was set aside meanwhile`() async throws {
        try await withDatabase { database in
            let store = store(database)
            try await publish(1...2, database)
            let work = try await store.work(limit: 10, at: 0)
            try await settle(work, store, DeliveryOutcome(delivered: [work.fresh[0]], failed: [work.fresh[1]]))
            let due = try await store.work(limit: 10, at: 100).due
            try await sendAgain(1, database)
            try await settleDue(store, DeliveryOutcome(failed: due))
            #expect(try await setAside(database) == ["evt_1 at 0", "evt_2 waits"])
        }
    }

    @Test func `a new one that fails waits where an older one was set aside meanwhile`() async throws {
        try await withDatabase { database in
            let store = store(database)
            try await publish(1...1, database)
            let first = try await store.work(limit: 10, at: 0)
            try await settle(first, store, DeliveryOutcome(delivered: first.fresh))
            try await publish(2...2, database)
            let second = try await store.work(limit: 10, at: 0)
            try await sendAgain(1, database)
            try await settle(second, store, DeliveryOutcome(failed: second.fresh))
            #expect(try await setAside(database) == ["evt_1 at 0", "evt_2 waits"])
        }
    }

    private func sendAgain(_ place: Int64, _ database: Database) async throws {
        try await database.write { try $0.sendAgain(place, of: "apt_1", to: "billing") }
    }
}

extension DeliveryOutcome {
    fileprivate init(delivered: [StoredEvent] = [], failed: [StoredEvent] = []) {
        self.init()
        self.delivered = delivered
        self.failed = failed
    }
}
