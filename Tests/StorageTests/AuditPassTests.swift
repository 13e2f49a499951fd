import Testing

@testable import Storage

/// One pass over the audit finds all that there is to find, however long the chain and whatever somebody has put there.
@Suite(.timeLimit(.minutes(10))) struct AuditPassTests {
    /// As many as go on several pages, chained.
    private static let many: Int64 = 12_000

    private func fill(_ database: Database, _ count: Int64, step: Int64 = 1) async throws {
        try await database.write { transaction in
            try transaction.execute(
                """
                WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ?)
                INSERT INTO hms_audit (sequence, recorded_at, actor, role, address, correlation_id, method, kind, patients, records, fields,
                    result, reason)
                SELECT n * ?, 1900000000000 + n, 'anna', 'reception', '192.0.2.7', 'c', 'hms.patient.v1.PatientService/GetPatient', 'read',
                    'pat_1', '', '', 'OK', '' FROM numbers
                """, [.integer(count), .integer(step)])
        }
        _ = try await database.sealAudit()
    }

    private func pass(_ database: Database, noting anchors: [AuditAnchor] = []) async throws -> AuditPass {
        try await database.read { try $0.passThroughAudit(noting: anchors) }
    }

    private func attack(_ database: Database, _ statements: String...) async throws {
        try await database.write { transaction in
            try transaction.withAuditOpen { for statement in statements { try transaction.execute(statement) } }
        }
    }

    @Test func `a chain of several pages is read to its end, and what was edited on one is told`() async throws {
        try await withDatabase { database in
            try await fill(database, Self.many)
            let whole = try await pass(database)
            #expect(whole.entries == Self.many && whole.head.place == Self.many && whole.unsealed == 0)
            #expect(whole.breaches.sentences == [])
            try await attack(database, "UPDATE hms_audit SET actor = 'bob' WHERE sequence IN (5000, 5001, 11999)")
            #expect(
                try await pass(database).breaches.sentences
                    == [5_000, 5_001, 11_999].map { "entry \($0), place \($0), is not what was written there" })
        }
    }

    @Test func `of very many breaches the first are told, and how many there are`() async throws {
        try await withDatabase { database in
            try await fill(database, Self.many)
            try await attack(database, "UPDATE hms_audit SET actor = 'bob'")
            let sentences = try await pass(database).breaches.sentences
            #expect(sentences.count == 101 && sentences.last == "and 11900 more")
        }
    }

    @Test(arguments: [(1, [-1]), (3, [-1, 20])] as [(Int64, [Int64])])
    func `an entry that was put in between the numbers is found, one gap or thousands`(step: Int64, numbers: [Int64]) async throws {
        try await withDatabase { database in
            try await fill(database, Self.many, step: step)
            for number in numbers {
                try await attack(
                    database,
                    """
                    INSERT INTO hms_audit SELECT \(number), 1900000012000, actor, role, address, correlation_id, method, kind, patients,
                        records, fields, result, reason FROM hms_audit WHERE sequence = 12
                    """)
            }
            let found = try await pass(database)
            #expect(
                found.breaches.sentences == numbers.map { "entry \($0) has no place in the chain, and is older than those that have" })
            #expect(found.entries == Self.many && found.unsealed == numbers.count)
        }
    }

    @Test func `a restore is told where it waits for its place, too`() async throws {
        try await withDatabase { database in
            let chained = try await database.recordRestoration(archivedAt: 1_900_000_000_000, at: 1_900_000_001_000)
            let waiting = AuditRestoration(end: 1, archivedAt: 1_900_000_001_000, restoredAt: 1_900_000_002_000)
            try await database.write { try $0.record(AuditEntry(waiting)) }
            let found = try await pass(database)
            #expect(found.restorations == [chained, waiting] && found.unsealed == 1)
        }
    }

    @Test func `several reads that were made to look like a restore are none, whatever times they say`() async throws {
        try await withDatabase { database in
            try await fill(database, 3)
            try await attack(
                database,
                """
                UPDATE hms_audit SET result = 'RESTORED', method = 'hms restore', records = 'place=1 archived_at=1',
                    fields = '0\u{1E}\(Int64.max)' WHERE sequence = 2
                """)
            let found = try await pass(database)
            #expect(found.restorations == [] && found.breaches.sentences == ["entry 2, place 2, is not what was written there"])
        }
    }

    @Test func `hashes are kept of the places that were anchored, and of no others`() async throws {
        try await withDatabase { database in
            try await fill(database, 10)
            let head = try await database.read { try $0.auditHead() }
            let anchors = [AuditAnchor(head), AuditAnchor(AuditHead(place: 99, hash: []))]
            let found = try await pass(database, noting: anchors)
            #expect(found.hashes == [10: head.hash])
            #expect(found.findings(against: [AuditAnchor(head)]).breaches == [])
            #expect(found.findings(against: anchors).breaches == ["the end was cut off: place 99 was anchored, and the chain ends at 10"])
        }
    }

    /// SQLite keeps in a column whatever is put there.
    @Test(
        .sqliteOnly,
        arguments: [
            ("hms_audit", "recorded_at = 'yesterday'", "entry 3, place 3, is not what was written there"),
            ("hms_audit", "fields = x'00'", "entry 3, place 3, is not what was written there"),
            ("hms_audit", "result = x'00'", "entry 3, place 3, is not what was written there"),
            ("hms_audit_chain", "hash = 'none'", "place 3 of the chain is not what was written there"),
            ("hms_audit_chain", "sequence = 'three'", "place 3 of the chain is not what was written there"),
        ])
    func `what is no value of its column is a breach of its row, and hides no other`(table: String, change: String, breach: String)
        async throws
    {
        try await withDatabase { database in
            try await fill(database, 10)
            let key = table == "hms_audit" ? "sequence" : "place"
            try await attack(
                database, "UPDATE \(table) SET \(change) WHERE \(key) = 3", "UPDATE hms_audit SET actor = 'bob' WHERE sequence = 9")
            let found = try await pass(database).breaches.sentences
            #expect(found.contains(breach) && found.contains("entry 9, place 9, is not what was written there"), "\(found)")
        }
    }

    @Test func `numbers at the ends of what a number can be stop nobody`() async throws {
        try await withDatabase { database in
            try await fill(database, 3)
            try await attack(
                database,
                """
                INSERT INTO hms_audit SELECT \(Int64.max), \(Int64.min), actor, role, address, correlation_id, method, kind, patients,
                    records, fields, result, reason FROM hms_audit WHERE sequence = 1
                """, "INSERT INTO hms_audit_chain SELECT \(Int64.max), \(Int64.max), hash FROM hms_audit_chain WHERE place = 1")
            let found = try await pass(database).breaches.sentences
            #expect(found.first == "the chain has a gap: places 4 to \(Int64.max - 1) are gone", "\(found)")
            try await attack(database, "INSERT INTO hms_audit_purges SELECT place, hash, 1 FROM hms_audit_chain WHERE place > 4")
            #expect(try await pass(database).breaches.sentences.isEmpty == false)
        }
    }
}
