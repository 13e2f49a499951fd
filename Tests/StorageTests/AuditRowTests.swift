import Testing

@testable import Storage

/// Reads that are kept together are found one by one, as they were.
@Suite(.timeLimit(.minutes(10))) struct AuditRowTests {
    private func read(_ number: Int, patients: [String]? = nil, result: String = AuditEntry.answered) -> AuditEntry {
        AuditEntry(
            recordedAt: 1_900_000_000_000 + Int64(number), actor: number.isMultiple(of: 2) ? "anna" : "bob", role: "reception",
            address: "10.0.0.\(number)", correlationID: "c\(number)", method: "hms.patient.v1.PatientService/GetPatient", kind: .read,
            patients: patients ?? ["pat_\(number)"], records: number == 3 ? [] : ["apt_\(number)"], result: result,
            reason: number == 5 ? "an emergency" : "")
    }

    private func record(_ entries: [AuditEntry], in database: Database) async throws {
        try await database.write { transaction in
            var reads = AuditReads()
            for entry in entries {
                if entry.isAnsweredRead { reads.append(entry) } else { try transaction.record(entry) }
            }
            #expect(reads.count == reads.entries.count && reads.count == entries.count { $0.isAnsweredRead })
            try transaction.record(reads)
        }
    }

    private func all(in database: Database) async throws -> [(number: AuditNumber, entry: AuditEntry)] {
        try await database.read { reader in
            var all: [(number: AuditNumber, entry: AuditEntry)] = []
            try reader.forEachAuditEntry {
                all.append(($0, $1))
                return true
            }
            return all
        }
    }

    /// From the newest on, so many rows at a time, and each page behind the one before.
    private func backwards(in database: Database, by size: Int) async throws -> [AuditNumber] {
        try await database.read { reader in
            var (numbers, end, others) = ([] as [AuditNumber], nil as AuditNumber?, true)
            while others {
                var count = 0
                others = try reader.forEachAuditEntry(before: end, limit: 2) { number, _ in
                    numbers.append(number)
                    end = number
                    count += 1
                    return count < size
                }
            }
            return numbers
        }
    }

    @Test(arguments: [1, 2, 7, 128, 129, 400])
    func `all are read as they were recorded, in few rows`(count: Int) async throws {
        try await withDatabase { database in
            let entries = (1...count).map { read($0) }
            try await record(entries, in: database)
            let found = try await all(in: database)
            #expect(found.map(\.entry) == entries && AuditReads(entries).entries == entries)
            #expect(Set(found.map(\.number)).count == count && found.map(\.number) == found.map(\.number).sorted())
            #expect(try await database.integers("SELECT count(*) FROM hms_audit") == [(count + 127) / 128])
        }
    }

    @Test func `nothing is recorded of nothing`() async throws {
        try await withDatabase { database in
            try await record([], in: database)
            #expect(try await all(in: database).isEmpty)
        }
    }

    @Test func `who reads the same at the same time is there as often`() async throws {
        try await withDatabase { database in
            let entries = [AuditEntry](repeating: read(1), count: 3)
            try await record(entries, in: database)
            #expect(try await all(in: database).map(\.entry) == entries)
        }
    }

    @Test func `a row is not about more patients than one may look through, but for those of one list`() async throws {
        try await withDatabase { database in
            let long = (0..<500).map { "pat_\($0)" }
            let entries = (1...5).map { read($0, patients: long) }
            try await record(entries, in: database)
            #expect(try await all(in: database).map(\.entry) == entries)
            #expect(try await database.integers("SELECT count(*) FROM hms_audit") == [3])
        }
    }

    @Test func `what an index has to find, or was refused, has a row of its own`() async throws {
        try await withDatabase { database in
            let others = [read(2, result: AuditEntry.emergency), read(4, result: "PERMISSION_DENIED")]
            try await record([read(1), others[0], read(3), others[1], read(5)], in: database)
            #expect(try await database.integers("SELECT count(*) FROM hms_audit") == [3])
            let found = try await database.read { reader in
                var found: [AuditEntry] = []
                _ = try reader.forEachEmergency(before: nil, limit: 10) {
                    found.append($1)
                    return true
                }
                return found
            }
            #expect(found == [others[0]])
        }
    }

    @Test(arguments: [1, 2, 3, 5, 100])
    func `pages from the newest on have every entry once, wherever one ends`(size: Int) async throws {
        try await withDatabase { database in
            try await record((1...4).map { read($0) }, in: database)
            try await record([read(5)], in: database)
            try await record((6...8).map { read($0) }, in: database)
            try await record([read(9)], in: database)
            let numbers = try await all(in: database).map(\.number)
            #expect(numbers.count == 9)
            #expect(try await backwards(in: database, by: size) == numbers.reversed())
        }
    }

    @Test func `nobody makes two entries of one by what he calls himself`() async throws {
        try await withDatabase { database in
            var forged = read(1)
            (forged.actor, forged.reason) = ("anna\u{1E}bob", "\u{1E}\u{1E}")
            (forged.kind, forged.fields) = (.change, ["name\u{1E}phone"])
            var honest = read(2)
            honest.actor = "bob\u{1E}anna"
            try await database.write { [forged] in try $0.record(forged) }
            try await record([honest, read(3)], in: database)
            let found = try await all(in: database).map(\.entry)
            #expect(found.map(\.actor) == ["anna bob", "bob anna", "bob"])
            #expect(found[0].fields == ["name", "phone"] && found[2] == read(3))
        }
    }

    @Test(arguments: ["replace(actor, 'anna', 'eve')", "replace(actor, 'anna', '')", "actor || 'eve'", "'anna'"])
    func `one of them can't be changed unseen, nor taken out or added`(actor: String) async throws {
        try await withDatabase { database in
            try await record((1...4).map { read($0) }, in: database)
            _ = try await database.sealAudit()
            #expect(try await database.read { try $0.verifyAudit(against: []) }.breaches == [])
            try await database.write { transaction in
                try transaction.withAuditOpen { try transaction.execute("UPDATE hms_audit SET actor = \(actor)") }
            }
            let findings = try await database.read { try $0.verifyAudit(against: []) }
            #expect(findings.breaches == ["entry 1, place 1, is not what was written there"] && findings.entries == 4)
        }
    }

    @Test(arguments: [
        "fields = replace(fields, '1', '9223372036854775807')", "recorded_at = 9223372036854775807", "fields = replace(fields, '1', 'x')",
    ])
    func `a row whose times somebody made nonsense is shown`(forgery: String) async throws {
        try await withDatabase { database in
            try await record((1...4).map { read($0) }, in: database)
            try await database.write { transaction in
                try transaction.withAuditOpen { try transaction.execute("UPDATE hms_audit SET \(forgery)") }
            }
            #expect(try await all(in: database).map(\.entry.correlationID) == ["c1", "c2", "c3", "c4"])
        }
    }

    @Test func `a row that somebody made shorter is shown as far as it goes`() async throws {
        try await withDatabase { database in
            try await record((1...4).map { read($0) }, in: database)
            try await database.write { transaction in
                try transaction.withAuditOpen {
                    try transaction.execute(
                        "UPDATE hms_audit SET correlation_id = 'c1' || substr(correlation_id, 3, 3), fields = fields || 'x'")
                }
            }
            let found = try await all(in: database).map(\.entry)
            #expect(found.map(\.correlationID) == ["c1", "c2", "", ""] && found.map(\.actor) == ["bob", "anna", "bob", "anna"])
        }
    }
}
