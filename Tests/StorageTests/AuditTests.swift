import Testing

@testable import Storage

/// Who read and changed what is kept as it was written, or shows that it was not.
@Suite(.timeLimit(.minutes(10))) struct AuditTests {
    private func entry(_ number: Int, at time: Int64 = 0) -> AuditEntry {
        AuditEntry(
            recordedAt: 1_900_000_000_000 + time, actor: "anna", role: "reception", address: "10.0.0.1", correlationID: "c\(number)",
            method: "hms.patient.v1.PatientService/GetPatient", kind: .read, patients: ["pat_\(number)"])
    }

    private func record(_ numbers: ClosedRange<Int>, in database: Database, at time: Int64 = 0) async throws {
        for number in numbers { try await database.write { try $0.record(entry(number, at: time)) } }
    }

    /// Ten entries in the chain, and its head.
    private func tenEntries(in database: Database) async throws -> AuditHead {
        try await record(1...10, in: database)
        return try await database.sealAudit()
    }

    private func breaches(of database: Database, against anchors: [AuditHead] = []) async throws -> [String] {
        try await breaches(of: database, against: anchors.map { AuditAnchor($0) })
    }

    private func breaches(of database: Database, against anchors: [AuditAnchor], keptSince instant: Int64 = .max) async throws -> [String] {
        try await database.read { try $0.verifyAudit(against: anchors, keptSince: instant) }.breaches
    }

    /// What somebody can do who may do everything with the database.
    private func attack(_ database: Database, _ statements: String...) async throws {
        try await database.write { transaction in
            try transaction.withAuditOpen { for statement in statements { try transaction.execute(statement) } }
        }
    }

    @Test func `what nobody touched is found as it was written`() async throws {
        try await withDatabase { database in
            let head = try await tenEntries(in: database)
            try await record(11...12, in: database)
            let findings = try await database.read { try $0.verifyAudit(against: [AuditAnchor(head)]) }
            #expect(findings.breaches == [])
            #expect(findings.entries == 10 && findings.unsealed == 2 && findings.head == head && head.place == 10)
            #expect(try await database.sealAudit().place == 12)
        }
    }

    @Test func `an entry is read as it was recorded`() async throws {
        try await withDatabase { database in
            var written = entry(1)
            (written.kind, written.fields, written.records) = (.change, ["name", "phone"], ["apt_1"])
            (written.result, written.reason) = ("PERMISSION_DENIED", "he is my patient's brother")
            try await database.write { [written] in try $0.record(written) }
            let read = try await database.read { reader in
                var all: [AuditEntry] = []
                try reader.forEachAuditEntry { _, entry in
                    all.append(entry)
                    return true
                }
                return all
            }
            #expect(read == [written])
        }
    }

    @Test func `an entry of a write that failed is not there`() async throws {
        struct Refused: Error {}
        try await withDatabase { database in
            let entry = entry(1)
            let refused: Void? = try? await database.write { transaction -> Void in
                try transaction.record(entry)
                throw Refused()
            }
            let count = try await database.integers("SELECT count(*) FROM hms_audit")
            #expect(refused == nil && count == [0])
        }
    }

    @Test(arguments: [
        "UPDATE hms_audit SET actor = 'bob' WHERE sequence = 3", "DELETE FROM hms_audit WHERE sequence = 3", "DELETE FROM hms_audit_chain",
        "UPDATE hms_audit_chain SET sequence = 99 WHERE place = 3",
    ])
    func `the database refuses to change or delete`(statement: String) async throws {
        try await withDatabase { database in
            _ = try await tenEntries(in: database)
            await #expect(throws: StorageError.self) { try await database.write { try $0.execute(statement) } }
            #expect(try await breaches(of: database) == [])
        }
    }

    @Test func `an edited entry is found`() async throws {
        try await withDatabase { database in
            _ = try await tenEntries(in: database)
            try await attack(database, "UPDATE hms_audit SET actor = 'bob' WHERE sequence = 3")
            #expect(try await breaches(of: database) == ["entry 3, place 3, is not what was written there"])
        }
    }

    @Test func `a deleted entry is found, with its place in the chain or without`() async throws {
        try await withDatabase { database in
            _ = try await tenEntries(in: database)
            try await attack(database, "DELETE FROM hms_audit WHERE sequence = 3")
            #expect(try await breaches(of: database) == ["entry 3, place 3, was deleted"])
            try await attack(database, "DELETE FROM hms_audit_chain WHERE sequence = 3")
            #expect(try await breaches(of: database) == ["the chain has a gap: places 3 to 3 are gone"])
        }
    }

    @Test func `entries in another order are found`() async throws {
        try await withDatabase { database in
            _ = try await tenEntries(in: database)
            try await attack(
                database, "UPDATE hms_audit_chain SET sequence = 99 WHERE place = 3",
                "UPDATE hms_audit_chain SET sequence = 3 WHERE place = 4", "UPDATE hms_audit_chain SET sequence = 4 WHERE place = 3")
            #expect(try await breaches(of: database).count == 2)
        }
    }

    @Test func `an entry that was put in between is found`() async throws {
        try await withDatabase { database in
            _ = try await tenEntries(in: database)
            try await attack(database, "DELETE FROM hms_audit WHERE sequence = 5", "DELETE FROM hms_audit_chain WHERE sequence = 5")
            try await attack(
                database,
                """
                INSERT INTO hms_audit (sequence, recorded_at, actor, role, address, correlation_id, method, kind, patients, records, fields,
                    result, reason) VALUES (5, 1900000000000, 'x', 'admin', '', '', 'm', 'read', '', '', '', 'OK', '')
                """,
                "INSERT INTO hms_audit_chain SELECT 5, 5, hash FROM hms_audit_chain WHERE place = 4")
            #expect(try await breaches(of: database).contains("entry 5, place 5, is not what was written there"))
        }
    }

    @Test func `an entry that is put in with an old date is found, before it is chained and after`() async throws {
        try await withDatabase { database in
            _ = try await tenEntries(in: database)
            try await record(11...11, in: database, at: -3_600_000)
            #expect(try await breaches(of: database) == ["entry 11 has no place in the chain, and is older than those that have"])
            _ = try await database.sealAudit()
            #expect(try await breaches(of: database) == ["entry 11 is dated before it was written"])
        }
    }

    @Test func `an end that was cut off is found by what was anchored elsewhere`() async throws {
        try await withDatabase { database in
            let head = try await tenEntries(in: database)
            try await attack(database, "DELETE FROM hms_audit WHERE sequence > 7", "DELETE FROM hms_audit_chain WHERE sequence > 7")
            #expect(
                try await breaches(of: database, against: [head])
                    == ["the end was cut off: place 10 was anchored, and the chain ends at 7"])
        }
    }

    @Test func `a chain that was made anew after an edit is found by what was anchored elsewhere`() async throws {
        try await withDatabase { database in
            let head = try await tenEntries(in: database)
            try await attack(database, "UPDATE hms_audit SET actor = 'bob' WHERE sequence = 3", "DELETE FROM hms_audit_chain")
            _ = try await database.sealAudit()
            #expect(try await breaches(of: database) == [])
            #expect(
                try await breaches(of: database, against: [head]) == ["the chain was written anew: place 10 is not what was anchored"])
        }
    }

    @Test func `what another service keeps of a chain is kept once, contradictions too, and the database refuses to change it`()
        async throws
    {
        try await withDatabase { database in
            let (head, other) = (
                AuditAnchor(AuditHead(place: 10, hash: Array(repeating: 1, count: 32)), recordedAt: 7),
                AuditAnchor(AuditHead(place: 10, hash: Array(repeating: 2, count: 32)))
            )
            for kept in [head, head, other] { try await database.write { try $0.keepAnchor(kept, of: "patient", at: 1) } }
            try await database.write { try $0.keepAnchor(head, of: "doctor", at: 2) }
            let kept = try await database.read { try $0.keptAnchors() }
            #expect(kept == ["patient": [head, other], "doctor": [head]])
            for statement in ["UPDATE hms_audit_anchors SET place = 9", "DELETE FROM hms_audit_anchors"] {
                await #expect(throws: StorageError.self) { try await database.write { try $0.execute(statement) } }
            }
        }
    }

    @Test func `old heads of other services are forgotten, the newest of each and those of the last day never`() async throws {
        try await withDatabase { database in
            let now = try await database.read { try $0.row("SELECT milliseconds FROM hms_clock") { $0.int64(0) } ?? 0 }
            @Sendable func head(_ place: Int64) -> AuditAnchor {
                AuditAnchor(AuditHead(place: place, hash: Array(repeating: UInt8(place), count: 32)))
            }
            try await database.write { transaction in
                for place in Int64(1)...3 { try transaction.keepAnchor(head(place), of: "patient", at: place) }
                try transaction.keepAnchor(head(4), of: "patient", at: now)
                try transaction.keepAnchor(head(5), of: "patient", at: now)
                try transaction.keepAnchor(head(1), of: "doctor", at: 1)
            }
            #expect(try await database.purgeAnchors(keptBefore: 3) == 2)
            #expect(try await database.read { try $0.keptAnchors() } == ["patient": [3, 4, 5].map(head), "doctor": [head(1)]])
            #expect(try await database.purgeAnchors(keptBefore: now - 1) == 1)
            #expect(try await database.read { try $0.keptAnchors() } == ["patient": [4, 5].map(head), "doctor": [head(1)]])
            // Nobody forgets what is of today, whatever retention is said.
            await #expect(throws: StorageError.self) { try await database.purgeAnchors(keptBefore: now + 1) }
            #expect(try await database.read { try $0.keptAnchors() }["patient"]?.count == 2)
        }
    }

    /// What an attacker does who knows everything that is written here, and can write one database: each is found by what another
    /// service keeps.
    @Test(arguments: [
        ("an edit", "UPDATE hms_audit SET actor = 'bob' WHERE sequence = 3"), ("a deletion", "DELETE FROM hms_audit WHERE sequence = 3"),
        (
            "another order",
            """
            UPDATE hms_audit SET correlation_id = CASE sequence WHEN 3 THEN 'c4' ELSE 'c3' END, patients = CASE sequence WHEN 3 THEN 'pat_4'
                ELSE 'pat_3' END WHERE sequence IN (3, 4)
            """
        ),
        (
            "one put in",
            """
            INSERT INTO hms_audit (sequence, recorded_at, actor, role, address, correlation_id, method, kind, patients, records, fields,
                result, reason) VALUES (-1, 1900000000000, 'x', 'admin', '', '', 'm', 'read', '', '', '', 'OK', '')
            """
        ), ("an end cut off", "DELETE FROM hms_audit WHERE sequence > 7"), ("all of it gone", "DELETE FROM hms_audit"),
    ])
    func `a chain that was made anew as a whole is found by what another service keeps`(what: String, statement: String) async throws {
        let (ours, theirs) = (try TemporaryFolder(), try TemporaryFolder())
        try await withDatabase(in: ours) { database in
            try await withDatabase(in: theirs) { keeper in
                let head = try await tenEntries(in: database)
                try await keeper.write { try $0.keepAnchor(AuditAnchor(head), of: "patient", at: 1) }
                try await attack(database, statement, "DELETE FROM hms_audit_chain")
                _ = try await database.sealAudit()
                #expect(try await breaches(of: database) == [], "\(what) can't be seen in the chain itself")
                let kept = try await keeper.read { try $0.keptAnchors() }["patient"] ?? []
                let found = try await breaches(of: database, against: kept)
                #expect(found.count == 1, "\(what): \(found)")
            }
        }
    }

    @Test func `what is old is purged, and the chain goes on from what was written down of it`() async throws {
        try await withDatabase { database in
            let head = try await tenEntries(in: database)
            try await record(11...15, in: database, at: 1_000)
            let end = try await database.sealAudit()
            #expect(try await database.purgeAudit(recordedBefore: 1_900_000_001_000, at: 1) == 10)
            #expect(try await database.purgeAudit(recordedBefore: 1_900_000_001_000, at: 1) == 0)
            let findings = try await database.read { try $0.verifyAudit(against: [AuditAnchor(head), AuditAnchor(end)]) }
            #expect(findings.breaches == [])
            #expect(findings.purgedThrough == 10 && findings.entries == 5 && findings.head == end)
        }
    }

    /// Whoever has a database to himself can write down that what he deletes was old, with the hash that was there.
    @Test func `what was forgotten before its time is found by what is written down elsewhere of its age`() async throws {
        try await withDatabase { database in
            try await record(1...10, in: database)
            _ = try await database.sealAudit()
            let old = try await database.read { try $0.auditAnchor() }
            #expect(old.head.place == 10 && old.recordedAt == 1_900_000_000_000)
            try await record(11...15, in: database, at: 1_000)
            _ = try await database.sealAudit()
            let young = try await database.read { try $0.auditAnchor() }
            // As a service does it whose retention has just passed for the first ten.
            try await database.purgeAudit(recordedBefore: 1_900_000_001_000, at: 1)
            for (since, found) in [(1_900_000_000_000, true), (1_900_000_000_001, false), (1_900_000_001_000, false)] as [(Int64, Bool)] {
                #expect(try await breaches(of: database, against: [old, young], keptSince: since).isEmpty == !found, "\(since)")
            }
            // All of it, as if it was old.
            try await database.purgeAudit(recordedBefore: .max, at: 1)
            #expect(try await breaches(of: database, against: [old.head, young.head]) == [], "the chain itself shows nothing")
            let found = try await breaches(of: database, against: [old, young], keptSince: 1_900_000_001_000)
            #expect(found == ["entries were forgotten before their time: place 15 was anchored, and is not old enough"])
            #expect(try await database.read { try $0.auditAnchor() } == AuditAnchor(young.head), "nobody knows how old it was")
        }
    }

    @Test func `a copy takes the chain with it`() async throws {
        let (source, target) = (try TemporaryFolder(), try TemporaryFolder())
        try await withDatabase(in: source) { from in
            let head = try await tenEntries(in: from)
            try await withDatabase(in: target, { $0.isTargetOfCopy = true }) { to in
                let copy = DatabaseCopy(from: from, to: to)
                _ = try await copy.run { _, _ in }
                try await record(99...99, in: to)
                // What differs is copied again, though it is append-only.
                _ = try await copy.run { _, _ in }
                try await copy.finish()
                #expect(try await breaches(of: to, against: [head]) == [])
                #expect(try await to.read { try $0.auditHead() } == head)
            }
        }
    }
}
