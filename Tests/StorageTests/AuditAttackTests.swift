import StorageTestKit
import Testing

@testable import Storage

/// What an intruder may try who can write a database, beside what ``AuditTests`` tries.
@Suite(.timeLimit(.minutes(10))) struct AuditAttackTests {
    private static let noon: Int64 = 1_900_000_000_000

    private func read(_ number: Int64, at milliseconds: Int64 = 0) -> AuditEntry {
        AuditEntry(
            recordedAt: Self.noon + milliseconds, actor: number.isMultiple(of: 2) ? "anna" : "bob", role: "reception",
            address: "10.0.0.\(number)", correlationID: "c\(number)", method: "hms.patient.v1.PatientService/GetPatient", kind: .read,
            patients: ["pat_\(number)"])
    }

    /// Each in a row of its own, chained.
    private func record(_ numbers: ClosedRange<Int64>, apart milliseconds: Int64 = 1, in database: Database) async throws -> AuditAnchor {
        for number in numbers { try await database.write { try $0.record(read(number, at: number * milliseconds)) } }
        _ = try await database.sealAudit()
        return try await database.read { try $0.auditAnchor() }
    }

    private func breaches(
        of database: Database, against anchors: [AuditAnchor] = [], keptSince instant: Int64 = .max
    ) async throws -> [String] {
        try await database.read { try $0.verifyAudit(against: anchors, keptSince: instant) }.breaches
    }

    private func attack(_ database: Database, _ statements: String..., with arguments: [SQLValue] = []) async throws {
        try await database.write { transaction in
            try transaction.withAuditOpen { for statement in statements { try transaction.execute(statement, arguments) } }
        }
    }

    // MARK: Reads in one row

    private static let columns = AuditRow.columns.split(separator: ", ").dropFirst()

    @Test func `one of several reads in a row is taken out of every column, and the row is told`() async throws {
        try await withDatabase { database in
            try await database.write { try $0.record(AuditReads((1...4).map { read($0, at: $0) })) }
            _ = try await database.sealAudit()
            let separator: Character = "\u{1E}"
            let texts = try await database.read { reader in
                try reader.row("SELECT \(Self.columns.joined(separator: ", ")) FROM hms_audit") { row in
                    Self.columns.indices.map { row.text($0 - 1).split(separator: separator, omittingEmptySubsequences: false) }
                }
            }
            let shorter = try #require(texts).map { $0.count == 1 ? $0 : Array($0[..<1] + $0[2...]) }
            let changes = Self.columns.map { "\($0) = ?" }.joined(separator: ", ")
            try await attack(
                database, "UPDATE hms_audit SET \(changes)", with: shorter.map { .text($0.joined(separator: String(separator))) })
            let findings = try await database.read { try $0.verifyAudit(against: []) }
            #expect(findings.entries == 3, "the row itself is as good as any")
            #expect(findings.breaches == ["entry 1, place 1, is not what was written there"])
        }
    }

    @Test(arguments: [
        "fields = replace(fields, '2', '3')", "recorded_at = recorded_at + 1", "patients = replace(patients, 'pat_3', 'pat_9')",
    ])
    func `the time or the patient of one of several reads in a row can't be changed unseen`(change: String) async throws {
        try await withDatabase { database in
            try await database.write { try $0.record(AuditReads((1...4).map { read($0, at: $0) })) }
            _ = try await database.sealAudit()
            try await attack(database, "UPDATE hms_audit SET \(change)")
            #expect(try await breaches(of: database) == ["entry 1, place 1, is not what was written there"])
        }
    }

    // MARK: The chain

    @Test func `two entries that changed their numbers are both told`() async throws {
        try await withDatabase { database in
            _ = try await record(1...10, in: database)
            try await attack(
                database, "UPDATE hms_audit SET sequence = 99 WHERE sequence = 3", "UPDATE hms_audit SET sequence = 3 WHERE sequence = 4",
                "UPDATE hms_audit SET sequence = 4 WHERE sequence = 99")
            #expect(try await breaches(of: database) == [3, 4].map { "entry \($0), place \($0), is not what was written there" })
        }
    }

    @Test func `a chain that was deleted is told where entries of more than five minutes have lost it`() async throws {
        try await withDatabase { database in
            let anchor = try await record(1...10, apart: 60_000, in: database)
            try await attack(database, "DELETE FROM hms_audit_chain")
            #expect(
                try await breaches(of: database, against: [anchor]) == [
                    "entry 1 has no place in the chain, and is older than others without one",
                    "the end was cut off: place 10 was anchored, and the chain ends at 0",
                ])
        }
    }

    @Test func `the chains of two services can't be exchanged unseen`() async throws {
        let (ours, theirs) = (try TemporaryFolder(), try TemporaryFolder())
        try await withDatabase(in: ours) { database in
            try await withDatabase(in: theirs) { other in
                let anchor = try await record(1...10, in: database)
                _ = try await record(11...20, in: other)
                #expect(try await breaches(of: other) == [], "each is whole in itself")
                #expect(
                    try await breaches(of: other, against: [anchor]) == ["the chain was written anew: place 10 is not what was anchored"])
            }
        }
    }

    @Test func `a place before the beginning of the chain hides no entry`() async throws {
        try await withDatabase { database in
            _ = try await record(1...10, in: database)
            try await database.write { try $0.record(read(11, at: 11)) }
            try await attack(database, "INSERT INTO hms_audit_chain SELECT -1, 11, hash FROM hms_audit_chain WHERE place = 10")
            #expect(try await breaches(of: database) == ["place -1 is in the chain, before its beginning"])
        }
    }

    // MARK: Purges

    /// No trigger is in the way of that: whoever may write may say that entries are forgotten.
    @Test func `young entries that are said to be forgotten are told by an anchor among them`() async throws {
        try await withDatabase { database in
            let old = try await record(1...5, in: database)
            let young = try await record(6...10, in: database)
            try await database.write { transaction in
                try transaction.execute("INSERT INTO hms_audit_purges SELECT place, hash, 1 FROM hms_audit_chain WHERE place = 7")
                try transaction.execute("DELETE FROM hms_audit WHERE sequence <= 7")
                try transaction.execute("DELETE FROM hms_audit_chain WHERE place <= 7")
            }
            #expect(
                try await breaches(of: database, against: [old, young], keptSince: Self.noon)
                    == ["entries were forgotten before their time: place 5 was anchored, and is not old enough"])
        }
    }

    @Test func `entries that are said to be forgotten and are still there are told, changed or not`() async throws {
        try await withDatabase { database in
            _ = try await record(1...10, apart: 60_000, in: database)
            try await attack(
                database, "INSERT INTO hms_audit_purges SELECT place, hash, 1 FROM hms_audit_chain WHERE place = 2",
                "UPDATE hms_audit SET actor = 'eve' WHERE sequence = 1")
            let found = try await breaches(of: database)
            #expect(found.first == "place 2 is said to be forgotten, and is still in the chain", "\(found)")
            try await attack(database, "DELETE FROM hms_audit_chain WHERE place <= 2")
            let told = [1, 2].map { "entry \($0) has no place in the chain, and is older than those that have" }
            #expect(try await breaches(of: database) == told)
        }
    }

    @Test func `a purge with a hash that nobody had breaks the chain behind it`() async throws {
        try await withDatabase { database in
            _ = try await record(1...10, in: database)
            try await attack(
                database, "INSERT INTO hms_audit_purges SELECT place, hash, 1 FROM hms_audit_chain WHERE place = 3",
                "UPDATE hms_audit_purges SET place = 2", "DELETE FROM hms_audit WHERE sequence <= 2",
                "DELETE FROM hms_audit_chain WHERE place <= 2")
            #expect(try await breaches(of: database) == ["entry 3, place 3, is not what was written there"])
        }
    }

    // MARK: What holds the chain from outside

    @Test func `anchors that are gone are missed where entries of more than an hour follow the last one`() async throws {
        try await withDatabase { database in
            let anchor = try await record(1...3, apart: 60_000, in: database)
            _ = try await record(4...5, apart: 1_800_000, in: database)
            #expect(try await breaches(of: database, against: [anchor]) == [])
            _ = try await record(6...7, apart: 1_800_000, in: database)
            let sentence = "though entries of an hour do: they are gone, or were never written"
            #expect(try await breaches(of: database, against: [anchor]) == ["no anchor tells of what follows place 3, \(sentence)"])
            #expect(try await breaches(of: database) == ["no anchor tells of what follows place 0, \(sentence)"])
            let end = try await database.read { try $0.auditAnchor() }
            #expect(try await breaches(of: database, against: [end]) == [])
        }
    }

    @Test(arguments: [
        "hms_audit_unchanged", "hms_audit_kept", "hms_audit_chain_unchanged", "hms_audit_chain_kept", "hms_audit_purges_kept",
        "hms_audit_anchors_unchanged", "hms_audit_anchors_kept",
    ])
    func `a trigger that is gone is told, and nothing else where nothing was changed`(trigger: String) async throws {
        try await withDatabase { database in
            _ = try await record(1...3, in: database)
            let table = String(trigger[..<(trigger.lastIndex(of: "_") ?? trigger.endIndex)])
            let isSQLite = TestServer.isAbsent
            try await database.write { try $0.execute("DROP TRIGGER \(trigger)" + (isSQLite ? "" : " ON \(table)")) }
            let sentence = "nothing keeps the audit append-only: the trigger \(trigger) is gone or stopped"
            #expect(try await breaches(of: database) == [sentence])
        }
    }

    @Test(.enabled(if: TestServer.isPresent, "a trigger of SQLite's can't be stopped"))
    func `a trigger that was stopped is told as one that is gone`() async throws {
        try await withDatabase { database in
            try await database.write { try $0.execute("ALTER TABLE hms_audit DISABLE TRIGGER hms_audit_unchanged") }
            let sentence = "nothing keeps the audit append-only: the trigger hms_audit_unchanged is gone or stopped"
            #expect(try await breaches(of: database) == [sentence])
        }
    }
}
