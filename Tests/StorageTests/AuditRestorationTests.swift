import Storage
import Testing

/// That a database was set back to an archive is told by its own audit.
@Suite(.timeLimit(.minutes(10))) struct AuditRestorationTests {
    private func record(_ count: Int, in database: Database) async throws {
        for number in 0..<count {
            let entry = AuditEntry(
                recordedAt: 1_900_000_000_000, actor: "anna", role: "reception", address: "10.0.0.1", correlationID: "c\(number)",
                method: "hms.patient.v1.PatientService/GetPatient", kind: .read)
            try await database.write { try $0.record(entry) }
        }
    }

    @Test func `a restore has its place after everything that the archive held, chained or not`() async throws {
        try await withDatabase { database in
            try await record(3, in: database)
            let told = try await database.recordRestoration(archivedAt: 1_900_000_001_000, at: 1_900_000_002_000)
            #expect(told == AuditRestoration(end: 3, archivedAt: 1_900_000_001_000, restoredAt: 1_900_000_002_000))
            try await record(2, in: database)
            #expect(try await database.sealAudit().place == 6)
            #expect(try await database.read { try $0.passThroughAudit().restorations } == [told])
            let findings = try await database.read { try $0.verifyAudit(against: []) }
            #expect(findings.breaches.isEmpty && findings.entries == 6 && findings.unsealed == 0)
        }
    }

    @Test func `each restore is told, the oldest first`() async throws {
        try await withDatabase { database in
            let first = try await database.recordRestoration(archivedAt: 1_900_000_000_000, at: 1_900_000_001_000)
            try await record(1, in: database)
            let second = try await database.recordRestoration(archivedAt: 1_900_000_002_000, at: 1_900_000_003_000)
            #expect(try await database.read { try $0.passThroughAudit().restorations } == [first, second])
            #expect([first.end, second.end] == [0, 2])
        }
    }

    @Test func `what a caller calls so is no restore`() async throws {
        try await withDatabase { database in
            let getPatient = "hms.patient.v1.PatientService/GetPatient"
            for (method, records) in [(getPatient, ["place=1", "archived_at=1"]), ("hms restore", ["place=x"])] {
                let entry = AuditEntry(
                    recordedAt: 1_900_000_000_000, actor: "anna", role: "", address: "", correlationID: "", method: method, kind: .change,
                    records: records, result: "RESTORED")
                try await database.write { try $0.record(entry) }
            }
            #expect(try await database.read { try $0.passThroughAudit().restorations }.isEmpty)
        }
    }
}
