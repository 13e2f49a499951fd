import Foundation
import Synchronization
import Testing

@testable import Storage

/// How a database is opened where that does not go at once, or not at all.
@Suite(.timeLimit(.minutes(5))) struct OpeningTests {
    private final class Heard: Sendable {
        private let phases = Mutex<[OpeningPhase]>([])

        func note(_ phase: OpeningPhase) { phases.withLock { $0.append(phase) } }
        var all: [OpeningPhase] { phases.withLock { $0 } }
    }

    @Test func `every step of a migration is told, counted over all of them`() async throws {
        let heard = Heard()
        try await withDatabase({ $0.onOpening = heard.note }) { _ in }
        let count = storageMigrationCount + patientMigrations.count
        #expect(heard.all.filter { $0 == .migrating(step: 1, of: count) }.isEmpty == false)
        #expect(Set(heard.all) == Set((1...count).map { .migrating(step: $0, of: count) }))
    }

    @Test func `a schema that is up to date tells nothing`() async throws {
        let folder = try TemporaryFolder()
        try await withDatabase(in: folder) { _ in }
        let heard = Heard()
        try await withDatabase(in: folder, { $0.onOpening = heard.note }) { _ in }
        #expect(heard.all.isEmpty)
    }

    @Test func `a long migration says again and again that it gets on`() async throws {
        let folder = try TemporaryFolder()
        try await withDatabase(in: folder) { _ in }
        let long = Migration(
            version: 2, name: "long",
            sql: """
                CREATE TABLE counted (n BIGINT);
                INSERT INTO counted WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 10000000)
                    SELECT max(n) FROM numbers;
                """)
        let heard = Heard()
        try await withDatabase(in: folder, schema: Schema(patientMigrations + [long]), { $0.onOpening = heard.note }) { database in
            let counted = try await database.integers("SELECT n FROM counted")
            #expect(counted == [10_000_000])
        }
        #expect(heard.all.count >= 2 && Set(heard.all) == [.migrating(step: 1, of: 1)])
    }

    @Test(.sqliteOnly) func `a database that another process still has is waited for`() async throws {
        let folder = try TemporaryFolder()
        let holder = try LockFile(beside: folder.databasePath)
        let heard = Heard()
        let opening = Task {
            try await withDatabase(
                in: folder,
                {
                    $0.lockPatience = nil
                    $0.onOpening = heard.note
                }
            ) { try await $0.patientCount() }
        }
        while heard.all.count < 2 { try await Task.sleep(for: .milliseconds(5)) }
        #expect(Set(heard.all) == [.waitingForLock(holder: getpid())])
        holder.release()
        #expect(try await opening.value == 0)
    }

    @Test(.sqliteOnly) func `who may not wait is told at once who has it`() async throws {
        let folder = try TemporaryFolder()
        let holder = try LockFile(beside: folder.databasePath)
        #expect(
            await storageError { try await withDatabase(in: folder) { _ in } }
                == .locked(path: folder.databasePath, holder: getpid()))
        holder.release()
    }

    /// As a child process has it that another part of this process is just starting.
    @Test(.sqliteOnly) func `what was given back is free, though somebody else has the descriptor for a moment longer`() throws {
        let folder = try TemporaryFolder()
        let holder = try LockFile(beside: folder.databasePath)
        let others = try copies(ofDescriptorsOf: folder.databasePath + ".lock")
        defer { others.forEach { close($0) } }
        #expect(others.count == 1)
        holder.release()
        try LockFile(beside: folder.databasePath).release()
    }

    private func copies(ofDescriptorsOf path: String) throws -> [Int32] {
        try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")
            .filter { (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\($0)"))?.hasSuffix(path) == true }
            .compactMap { Int32($0).map { dup($0) } }
    }

    @Test(.sqliteOnly) func `waiting ends with the task that waits`() async throws {
        let folder = try TemporaryFolder()
        let holder = try LockFile(beside: folder.databasePath)
        let opening = Task { try await withDatabase(in: folder, { $0.lockPatience = nil }) { _ in } }
        opening.cancel()
        await #expect(throws: CancellationError.self) { try await opening.value }
        holder.release()
    }

    @Test(.sqliteOnly, arguments: [100, 8_192])
    func `a damaged file is named, with what to do`(byteCount: Int) async throws {
        let folder = try TemporaryFolder()
        try Data(repeating: 0x2A, count: byteCount).write(to: URL(fileURLWithPath: folder.databasePath))
        let error = await storageError { try await withDatabase(in: folder) { _ in } }
        #expect(error == .damaged(path: folder.databasePath))
        #expect(error?.description.contains("backup") == true && error?.description.contains("hms check") == true)
    }

    @Test(.sqliteOnly) func `a disk that was full for one write is not full for ever`() async throws {
        try await withDatabase({ $0.maximumPages = 60 }) { database in
            let error = await storageError {
                for number in 0..<10_000 { try await database.insertPatient("pat_\(number)", name: String(repeating: "x", count: 500)) }
            }
            #expect(error == .full)
            // What changes no size finds room, as it would on a disk that was cleared.
            try await eventually { await database.condition() == .sound }
        }
    }

    @Test(.sqliteOnly) func `room for the log's index is kept, and given free once`() throws {
        let folder = try TemporaryFolder()
        let reserve = RoomReserve(beside: folder.databasePath)
        #expect(!reserve.release())
        reserve.fill()
        let attributes = try FileManager.default.attributesOfItem(atPath: reserve.path)
        #expect(attributes[.size] as? Int == 36 * 1024 && attributes[.posixPermissions] as? Int == 0o600)
        try Data(repeating: 1, count: 1_000).write(to: URL(fileURLWithPath: reserve.path))
        reserve.fill()
        #expect(try FileManager.default.attributesOfItem(atPath: reserve.path)[.size] as? Int == 36 * 1024)
        #expect(reserve.release())
        #expect(!FileManager.default.fileExists(atPath: reserve.path))
    }

    @Test(.sqliteOnly) func `an open database has its reserve, and keeps it when it is closed`() async throws {
        let folder = try TemporaryFolder()
        let path = folder.databasePath + ".reserve"
        try await withDatabase(in: folder) { _ in #expect(FileManager.default.fileExists(atPath: path)) }
        #expect(FileManager.default.fileExists(atPath: path))
    }

    private func eventually(_ isSo: () async -> Bool) async throws {
        while !(await isSo()) { try await Task.sleep(for: .milliseconds(20)) }
    }
}
