import Foundation
import Testing

@testable import Storage

@Suite(.timeLimit(.minutes(10))) struct ReadTests {
    private static let endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"

    @Test func `all statements of a read see one moment`() async throws {
        try await withDatabase { database in
            let gate = Gate()
            let reading = Task.immediate {
                try await database.scan { reader in
                    let before = try reader.row("SELECT count(*) FROM patients") { $0.int(0) }
                    gate.pass()
                    return (before, try reader.row("SELECT count(*) FROM patients") { $0.int(0) })
                }
            }
            await gate.isEntered()
            try await database.insertPatient("pat_1")
            gate.open()
            #expect(try await reading.value == (0, 0))
            #expect(try await database.patientCount() == 1)
        }
    }

    @Test func `a long read holds up neither writes nor short reads`() async throws {
        try await withDatabase { database in
            let long = Task.immediate { try await database.scan { try $0.row(Self.endless) { $0.int(0) } } }
            for index in 0..<20 { try await database.insertPatient("pat_\(index)") }
            #expect(try await database.patientCount() == 20)
            long.cancel()
            await #expect(throws: CancellationError.self) { try await long.value }
        }
    }

    @Test func `a short read that turns out long is moved off the caller's thread and answered`() async throws {
        try await withDatabase { database in
            let sum = try await database.read { reader in
                try reader.row("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000) SELECT sum(i) FROM n") {
                    $0.int(0)
                }
            }
            #expect(sum == 5_000_050_000)
        }
    }

    @Test(.sqliteOnly) func `a read within its budget stays on the caller's thread`() async throws {
        try await withDatabase { database in
            let here = currentThread()
            let there = try await database.read { _ in currentThread() }
            #expect(here == there)
        }
    }

    @Test func `a read that takes too long is ended`() async throws {
        try await withDatabase {
            $0.scanTimeLimit = .milliseconds(20)
            $0.statementTimeLimit = .milliseconds(500)
        } _: { database in
            #expect(await storageError { try await database.scan { try $0.row(Self.endless) { $0.int(0) } } } == .readBudgetExceeded)
            #expect(await storageError { try await database.read { try $0.row(Self.endless) { $0.int(0) } } } == .readBudgetExceeded)
            let count = try await database.patientCount()
            #expect(count == 0)
        }
    }

    @Test func `a body can't hide that it was ended`() async throws {
        try await withDatabase {
            $0.scanTimeLimit = .milliseconds(20)
        } _: { database in
            #expect(await storageError { try await database.scan { try? $0.row(Self.endless) { $0.int(0) } } } == .readBudgetExceeded)
        }
    }

    @Test func `more long reads than may wait are refused`() async throws {
        try await withDatabase {
            $0.scanThreads = 1
            $0.waitingScansBound = 1
        } _: { database in
            let gate = Gate()
            let first = Task.immediate { try await database.scan { _ in gate.pass() } }
            await gate.isEntered()
            let second = Task.immediate { try await database.scan { _ in 2 } }
            #expect(await storageError { try await database.scan { _ in 3 } } == .overloaded)
            gate.open()
            try await first.value
            #expect(try await second.value == 2)
        }
    }

    @Test(.sqliteOnly) func `a thread for long reads is started when all others are busy, and none beyond those allowed`() async throws {
        let folder = try TemporaryFolder()
        try await withDatabase(in: folder) { _ in
            let settings = SQLiteSettings(path: folder.databasePath, configuration: .sqlite(path: folder.databasePath))
            let threads = ScanThreads(settings, logger: quiet)
            #expect(threads.count == 0)
            for number in 0..<3 { #expect(try await threads.read { _ in number } == number) }
            #expect(threads.count == 1)
            let gate = Gate()
            let held = Task.immediate { try await threads.read { _ in gate.pass() } }
            await gate.isEntered()
            let others = (0..<3).map { number in Task.immediate { try await threads.read { _ in number } } }
            #expect(threads.count == settings.configuration.scanThreads)
            for (number, other) in others.enumerated() { #expect(try await other.value == number) }
            gate.open()
            try await held.value
            await threads.close()
        }
    }

    @Test func `a read can't write`() async throws {
        try await withDatabase { database in
            let error = await storageError { try await database.texts("DELETE FROM patients RETURNING id") }
            #expect(error == .invalidStatement("a read can't write"))
        }
    }

    @Test func `reads of many tasks at once all get answers`() async throws {
        try await withDatabase { database in
            try await database.insertPatient("pat_1")
            try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<200 { group.addTask { try await database.patientCount() } }
                for try await count in group { #expect(count == 1) }
            }
        }
    }
}

private func currentThread() -> UInt { UInt(pthread_self()) }
