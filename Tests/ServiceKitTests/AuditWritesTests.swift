import HMSTestKit
import Storage
import Synchronization
import Testing

@testable import ServiceKit

/// Reads are on the disk before they are answered, many of them in one write.
@Suite(.timeLimit(.minutes(10))) struct AuditWritesTests {
    private let hospital: TestHospital

    init() throws {
        hospital = try TestHospital()
    }

    private func withWrites(_ body: (AuditWrites, Database) async throws -> Void) async throws {
        let notebook = try await hospital.open(Notebook.definition())
        try await body(AuditWrites(notebook.resources.database), notebook.resources.database)
    }

    private func entry(_ number: Int) -> AuditEntry {
        AuditEntry(
            recordedAt: 1, actor: "anna", role: "reception", address: "192.0.2.7", correlationID: "\(number)", method: "m", kind: .read)
    }

    private func kept(_ database: Database) async throws -> [String] {
        try await database.read { reader in
            var kept: [String] = []
            try reader.forEachAuditEntry {
                kept.append($1.correlationID)
                return true
            }
            return kept
        }
    }

    @Test func `whoever goes on finds his entry kept, and nobody's is kept twice`() async throws {
        try await withWrites { writes, database in
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                for number in 0..<700 {
                    tasks.addTask {
                        try await writes.keep(entry(number))
                        guard number % 50 == 0 else { return }
                        #expect(try await kept(database).contains("\(number)"))
                    }
                }
                try await tasks.waitForAll()
            }
            #expect(try await kept(database).sorted() == (0..<700).map(String.init).sorted())
        }
    }

    @Test func `who hangs up takes nobody's entry with him, nor his own`() async throws {
        try await withWrites { writes, database in
            let callers = (0..<100).map { number in Task { try await writes.keep(entry(number)) } }
            for caller in callers.enumerated() where caller.offset.isMultiple(of: 2) { caller.element.cancel() }
            for caller in callers { _ = await caller.result }
            try await writes.keep(entry(100))
            #expect(try await kept(database).count == 101)
        }
    }

    @Test func `a write that fails is told to all who waited for it, and the next is tried`() async throws {
        try await withWrites { writes, database in
            try await database.write { try $0.execute("ALTER TABLE hms_audit RENAME TO hms_audit_away") }
            let callers = (0..<50).map { number in Task { try await writes.keep(entry(number)) } }
            for caller in callers { await #expect(throws: (any Error).self) { try await caller.value } }
            try await database.write { try $0.execute("ALTER TABLE hms_audit_away RENAME TO hms_audit") }
            try await writes.keep(entry(50))
            #expect(try await kept(database) == ["50"])
        }
    }
}

extension AuditWrites {
    /// Returns once the entry is on the disk.
    fileprivate func keep(_ entry: AuditEntry) async throws {
        try await withCheckedThrowingContinuation { continuation in
            keep(entry) { continuation.resume(with: $0) }
        }
    }
}
