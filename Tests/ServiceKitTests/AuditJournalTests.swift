import Foundation
import HMSTestKit
import Storage
import Testing

@testable import ServiceKit

/// A read that was answered is kept, though the process be killed before the database has it.
@Suite(.timeLimit(.minutes(10))) struct AuditJournalTests {
    private let hospital: TestHospital
    private let folder: TemporaryFolder
    private let journals: AuditJournals

    init() throws {
        hospital = try TestHospital()
        folder = try TemporaryFolder()
        journals = AuditJournals(service: "notebook", dataFolder: folder.path)
    }

    private func read(_ number: Int) -> AuditEntry {
        AuditEntry(
            recordedAt: 1_900_000_000_000 + Int64(number), actor: "anna", role: "reception", address: "192.0.2.7 via 10.0.0.1",
            correlationID: "c\(number)", method: "m", kind: .read, patients: number == 2 ? ["pat_2", "pat_3"] : ["pat_\(number)"],
            records: number == 3 ? [] : ["apt_\(number)"], result: AuditEntry.answered, reason: number == 5 ? "Bewußtlos" : "")
    }

    private func withDatabase(_ body: (Database) async throws -> Void) async throws {
        try await body(try await hospital.open(Notebook.definition()).resources.database)
    }

    private func kept(_ database: Database) async throws -> [AuditEntry] {
        try await database.read { reader in
            var kept: [AuditEntry] = []
            try reader.forEachAuditEntry {
                kept.append($1)
                return true
            }
            return kept
        }
    }

    private func recover(into database: Database) async throws {
        await journals.recover(into: database, logger: hospital.log.logger())
    }

    /// Leaves a journal as a process does that is killed.
    private func leave(_ numbers: some Sequence<Int>) throws {
        var journal = try journals.open()
        append(numbers, to: &journal)
    }

    private func append(_ numbers: some Sequence<Int>, to journal: inout AuditJournal) {
        for number in numbers {
            let isTaken = journal.append(read(number))
            #expect(isTaken)
        }
    }

    /// Whose journal takes the place of one whose process is gone.
    private var others: AuditJournals { AuditJournals(service: "other", dataFolder: folder.path) }

    @Test(arguments: [1, 2, 7, 700])
    func `what was answered is in the audit after the next start, once`(count: Int) async throws {
        try await withDatabase { database in
            try leave(1...count)
            try await recover(into: database)
            #expect(try await kept(database) == (1...count).map(read))
            try await recover(into: database)
            #expect(try await kept(database).count == count)
        }
    }

    @Test func `what comes while a half is written is behind what stands there`() async throws {
        try await withDatabase { database in
            var journal = try journals.open()
            append(1...2, to: &journal)
            _ = journal.turn()
            append([3], to: &journal)
            journal = try others.open()
            try await recover(into: database)
            #expect(try await kept(database) == [read(1), read(2), read(3)])
        }
    }

    @Test func `who is killed between the commit and its clearing keeps nothing twice, and the same read again as often as it was`()
        async throws
    {
        try await withDatabase { database in
            try leave([1, 1, 2, 1, 3])
            var reads = AuditReads()
            for number in [1, 1, 2] { reads.append(read(number)) }
            try await database.write { [reads] in try $0.record(reads) }
            try await recover(into: database)
            #expect(try await kept(database) == [1, 1, 2, 1, 3].map(read))
        }
    }

    @Test func `what is in the database does not come again`() async throws {
        try await withDatabase { database in
            var journal = try journals.open()
            for numbers in [Array(1...5), [6]] {
                append(numbers, to: &journal)
                journal.clear(journal.turn())
            }
            append([7], to: &journal)
            journal = try others.open()
            try await recover(into: database)
            #expect(try await kept(database) == [read(7)])
        }
    }

    @Test(arguments: [8, 30, 100, 250])
    func `of a journal that the machine's death has damaged what stands before is kept`(byte: Int) async throws {
        try await withDatabase { database in
            try leave(1...3)
            let path = "\(folder.path)/notebook/audit.reads.1"
            var content = try Data(contentsOf: URL(filePath: path))
            content[byte] ^= 0x40
            try content.write(to: URL(filePath: path))
            try await recover(into: database)
            let entries = try await kept(database)
            #expect(entries == (1...3).map(read).prefix(entries.count).map { $0 } && entries.count == (byte < 98 ? 0 : byte < 202 ? 1 : 2))
        }
    }

    @Test func `nonsense in its place is no audit`() async throws {
        try await withDatabase { database in
            try FileManager.default.createDirectory(atPath: "\(folder.path)/notebook", withIntermediateDirectories: true)
            var random = SystemRandomNumberGenerator()
            let nonsense = Data((0..<100_000).map { _ in UInt8.random(in: 0...255, using: &random) })
            try nonsense.write(to: URL(filePath: "\(folder.path)/notebook/audit.reads.1"))
            try await recover(into: database)
            #expect(try await kept(database).isEmpty)
            var journal = try journals.open()
            append([1], to: &journal)
            #expect(journal.reads() == [read(1)])
        }
    }

    @Test func `what can't be kept yet stays for the next start, and hinders none`() async throws {
        try await withDatabase { database in
            try leave(1...3)
            try await database.write { try $0.execute("ALTER TABLE hms_audit RENAME TO hms_audit_away") }
            try await recover(into: database)
            try await database.write { try $0.execute("ALTER TABLE hms_audit_away RENAME TO hms_audit") }
            try await recover(into: database)
            #expect(try await kept(database) == (1...3).map(read))
        }
    }

    @Test(arguments: [false, true])
    func `what the database refused is written again, and outlives the process meanwhile`(isKilled: Bool) async throws {
        try await withDatabase { database in
            var buffer: AuditBuffer? = AuditBuffer(try journals.open(), database: database, logger: hospital.log.logger())
            #expect(buffer?.take(read(1)) == true && buffer?.take(read(2)) == true)
            try await database.write { try $0.execute("ALTER TABLE hms_audit RENAME TO hms_audit_away") }
            #expect(await buffer?.write() == false)
            #expect(buffer?.take(read(3)) == true)
            #expect(await buffer?.write() == false)
            try await database.write { try $0.execute("ALTER TABLE hms_audit_away RENAME TO hms_audit") }
            if isKilled {
                buffer = nil
                try await recover(into: database)
            } else {
                #expect(await buffer?.write() == true)
                #expect(await buffer?.write() == true)
            }
            #expect(try await kept(database) == (1...3).map(read))
        }
    }

    @Test func `what was written after all is not written again`() async throws {
        try await withDatabase { database in
            let buffer = AuditBuffer(try journals.open(), database: database, logger: hospital.log.logger())
            #expect(buffer.take(read(1)) && buffer.take(read(2)))
            try await database.write { try $0.execute("ALTER TABLE hms_audit RENAME TO hms_audit_away") }
            #expect(await buffer.write() == false)
            try await database.write { transaction in
                try transaction.execute("ALTER TABLE hms_audit_away RENAME TO hms_audit")
                try transaction.record(AuditReads([read(1)]))
            }
            #expect(await buffer.write())
            #expect(try await kept(database) == [read(1), read(2)])
        }
    }

    @Test func `nothing is left in the file of what is in the database`() async throws {
        try await withDatabase { database in
            let buffer = AuditBuffer(try journals.open(), database: database, logger: hospital.log.logger())
            #expect(buffer.take(read(1)) && buffer.take(read(2)))
            await buffer.write()
            let content = try Data(contentsOf: URL(filePath: "\(folder.path)/notebook/audit.reads.1"))
            #expect(content.allSatisfy { $0 == 0 })
        }
    }

    @Test func `two processes of a service have one each, and none takes the other's`() async throws {
        try await withDatabase { database in
            var first = try journals.open()
            var second = try journals.open()
            append([1], to: &first)
            append([2], to: &second)
            try await recover(into: database)
            #expect(try await kept(database).isEmpty)
            #expect(first.reads() == [read(1)] && second.reads() == [read(2)])
        }
    }

    @Test func `where there is no room any more nothing is half there, and after a turn there is`() throws {
        var journal = try journals.open()
        var count = 0
        while journal.append(read(count)) { count += 1 }
        #expect(count > 1_000 && journal.reads().count == count)
        _ = journal.turn()
        append([count], to: &journal)
        #expect(journal.reads().count == count + 1)
    }

    @Test func `a list of many patients is whole, and one that has no room is not taken`() throws {
        var journal = try journals.open()
        var list = read(1)
        list.patients = (0..<500).map { "pat_\($0)" }
        let isTaken = journal.append(list)
        #expect(isTaken && journal.reads() == [list])
        list.reason = String(repeating: "x", count: 1 << 20)
        let isTakenToo = journal.append(list)
        #expect(!isTakenToo && journal.reads().count == 1)
    }

    @Test func `a service that finds one keeps what it says before it serves`() async throws {
        let settings = hospital.configuration
        var journal = try AuditJournals(service: "notebook", dataFolder: settings.dataFolder).open()
        append([1], to: &journal)
        // As when the process that had it is gone.
        journal = try AuditJournals(service: "other", dataFolder: settings.dataFolder).open()
        let notebook = try await hospital.open(Notebook.definition())
        #expect(try await kept(notebook.resources.database) == [read(1)])
    }

    @Test func `where there can be none every read waits for the disk, and the log says so`() async throws {
        let hospital = try TestHospital { ($0.audit, $0.auditOfReads) = (.all, .buffered) }
        for number in 1...64 {
            try FileManager.default.createDirectory(
                atPath: "\(hospital.configuration.dataFolder)/notebook/audit.reads.\(number)", withIntermediateDirectories: true)
        }
        let notebook = try await hospital.open(Notebook.definition())
        #expect(hospital.log.lines.contains { $0.contains("Every read waits for the disk") })
        _ = notebook
    }
}
