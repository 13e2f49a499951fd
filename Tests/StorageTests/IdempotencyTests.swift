import Testing

@testable import Storage

@Suite(.timeLimit(.minutes(10))) struct IdempotencyTests {
    private let key = IdempotencyKey(caller: "billing", method: "Pay", key: "k1")

    private func record(_ key: IdempotencyKey, response: String = "first", createdAt: Int64 = 10, keepForever: Bool = false)
        -> IdempotencyRecord
    {
        IdempotencyRecord(
            key: key, fingerprint: [1], status: 0, response: Array(response.utf8), createdAt: createdAt, keepForever: keepForever)
    }

    @Test func `the first answer is given again, to the same request only`() async throws {
        try await withDatabase { database in
            let store = IdempotencyStore(database)
            guard case .first(let claim) = try await store.begin(key, fingerprint: [1]) else {
                Issue.record("not first")
                return
            }
            let first = record(key)
            try await database.write { try $0.insert(first) }
            claim.release()
            guard case .replay(let again) = try await store.begin(key, fingerprint: [1]) else {
                Issue.record("no replay")
                return
            }
            #expect(again == first)
            guard case .reused = try await store.begin(key, fingerprint: [2]) else {
                Issue.record("not reused")
                return
            }
        }
    }

    @Test func `while the first runs others are told so`() async throws {
        try await withDatabase { database in
            let store = IdempotencyStore(database)
            let first = try await store.begin(key, fingerprint: [1])
            guard case .inProgress = try await store.begin(key, fingerprint: [1]) else {
                Issue.record("not in progress")
                return
            }
            guard case .reused = try await store.begin(key, fingerprint: [2]) else {
                Issue.record("not reused")
                return
            }
            guard case .first(let claim) = first else {
                Issue.record("not first")
                return
            }
            claim.release()
            guard case .first = try await store.begin(key, fingerprint: [1]) else {
                Issue.record("not free again")
                return
            }
        }
    }

    @Test func `a claim that nobody releases ends with its owner`() async throws {
        try await withDatabase { database in
            let store = IdempotencyStore(database)
            _ = try await store.begin(key, fingerprint: [1])
            guard case .first = try await store.begin(key, fingerprint: [1]) else {
                Issue.record("still claimed")
                return
            }
        }
    }

    @Test func `of 64 equal requests at once one has an effect`() async throws {
        try await withDatabase { database in
            let store = IdempotencyStore(database)
            let effects = Tally()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<64 {
                    group.addTask {
                        guard case .first(let claim) = try await store.begin(key, fingerprint: [1]) else { return }
                        try await database.write { try $0.insert(record(key)) }
                        effects.add()
                        claim.release()
                    }
                }
                try await group.waitForAll()
            }
            #expect(effects.count == 1)
        }
    }

    @Test func `a taken key undoes the effect beside it`() async throws {
        try await withDatabase { database in
            try await database.write { try $0.insert(record(key)) }
            await #expect(throws: IdempotencyKeyTaken.self) {
                try await database.write { transaction in
                    try transaction.insertPatient("pat_1")
                    try transaction.insert(record(key, response: "second"))
                }
            }
            #expect(try await database.patientCount() == 0)
            #expect(try await IdempotencyStore(database).find(key)?.response == Array("first".utf8))
        }
    }

    @Test func `keys of other callers and methods are other keys`() async throws {
        try await withDatabase { database in
            try await database.write { transaction in
                try transaction.insert(record(key))
                try transaction.insert(record(IdempotencyKey(caller: "front desk", method: "Pay", key: "k1")))
                try transaction.insert(record(IdempotencyKey(caller: "billing", method: "Refund", key: "k1")))
            }
        }
    }

    @Test func `old records are purged, but not those kept for good`() async throws {
        try await withDatabase { database in
            let store = IdempotencyStore(database)
            try await database.write { transaction in
                try transaction.insert(record(key, createdAt: 99))
                try transaction.insert(record(IdempotencyKey(caller: "a", method: "b", key: "on the day"), createdAt: 100))
                try transaction.insert(record(IdempotencyKey(caller: "a", method: "b", key: "payment"), createdAt: 1, keepForever: true))
            }
            #expect(try await store.purge(createdBefore: 100) == 1)
            #expect(try await store.find(key) == nil)
        }
    }

    @Test func `more old records than one write may delete are purged all the same`() async throws {
        try await withDatabase { database in
            try await database.write { transaction in
                for number in 0..<1_001 {
                    try transaction.insert(record(IdempotencyKey(caller: "a", method: "b", key: "\(number)"), createdAt: 1))
                }
            }
            #expect(try await IdempotencyStore(database).purge(createdBefore: 100) == 1_001)
        }
    }

    @Test func `of a forgotten person's answers nothing is kept, nor of the keys that name him, and nothing is done twice`() async throws {
        try await withDatabase { database in
            let named = IdempotencyKey(caller: "desk", method: "Book", key: "Asha Rao's visit")
            let paid = IdempotencyKey(caller: "desk", method: "Pay", key: "Asha Rao pays")
            let other = IdempotencyKey(caller: "desk", method: "Book", key: "Ravi's visit")
            let records = [record(named, response: "of pat_1"), record(paid, response: "receipt"), record(other, response: "of pat_2")]
            try await database.write { transaction in
                for record in records { try transaction.insert(record) }
            }
            for count in [1, 0] {
                #expect(
                    try await database.write { transaction in
                        try transaction.forgetKey(paid)
                        return try transaction.forgetAnswers(naming: "pat_1")
                    } == count)
                let kept = try await database.read { try $0.rows("SELECT key FROM hms_idempotency ORDER BY key", []) { $0.text(0) } }
                #expect(kept.count == 3 && kept.filter { $0.contains("Asha") }.isEmpty && kept.contains(other.key))
            }
            let store = IdempotencyStore(database)
            #expect(try await store.find(named)?.status == IdempotencyRecord.forgotten)
            #expect(try await store.find(named)?.response == [])
            #expect(try await store.find(paid)?.response == Array("receipt".utf8))
            #expect(try await store.find(other)?.response == Array("of pat_2".utf8))
            guard case .replay = try await store.begin(paid, fingerprint: [1]), case .reused = try await store.begin(paid, fingerprint: [2])
            else {
                Issue.record("it would be done twice")
                return
            }
        }
    }
}
