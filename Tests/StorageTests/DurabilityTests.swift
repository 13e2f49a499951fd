import Foundation
import Testing

@testable import Storage

@Suite(.timeLimit(.minutes(10))) struct DurabilityTests {
    @Test(.sqliteOnly) func `the writer flushes at every commit, checks references and trusts no schema`() throws {
        let folder = try TemporaryFolder()
        let settings = SQLiteSettings(path: folder.databasePath, configuration: .sqlite(path: folder.databasePath))
        let connection = try settings.openWriter()
        #expect(try connection.pragma("synchronous") == 2)
        #expect(try connection.pragma("journal_mode") == "wal")
        #expect(try connection.pragma("foreign_keys") == 1)
        #expect(try connection.pragma("trusted_schema") == 0)
        #expect(try connection.pragma("mmap_size") == 0)
        try connection.close()
    }

    @Test(.sqliteOnly, arguments: ["synchronous = NORMAL", "synchronous = OFF", "foreign_keys = OFF", "trusted_schema = ON"])
    func `a writer that is not as it must be stops the start`(pragma: String) throws {
        let folder = try TemporaryFolder()
        let settings = SQLiteSettings(path: folder.databasePath, configuration: .sqlite(path: folder.databasePath))
        let connection = try settings.openWriter()
        try connection.runScript("PRAGMA \(pragma)")
        #expect {
            try settings.assertDurable(connection)
        } throws: { error in
            if case StorageError.notDurable = error { true } else { false }
        }
        try connection.close()
    }

    @Test(.sqliteOnly) func `the folder and every file are for the service's user only`() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/new/test.sqlite"
        let database = try await Database.open(.sqlite(path: path), schema: Schema(patientMigrations), logger: quiet)
        try await database.insertPatient("pat_1")
        #expect(try mode(folder.path + "/new") == 0o700)
        for file in [path, path + "-wal", path + "-shm", path + ".lock"] { #expect(try mode(file) == 0o600, "\(file)") }
        await database.close()
    }

    @Test(.sqliteOnly) func `a closed database is one file without a log`() async throws {
        let folder = try TemporaryFolder()
        try await withDatabase(in: folder) { try await $0.insertPatient("pat_1") }
        #expect(!FileManager.default.fileExists(atPath: folder.databasePath + "-wal"))
        #expect(try await withDatabase(in: folder) { try await $0.patientIDs() } == ["pat_1"])
    }

    @Test func `work for a closed database is refused`() async throws {
        let database = try await withDatabase { $0 }
        #expect(await storageError { try await database.insertPatient("pat_1") } == .closed)
        #expect(await storageError { try await database.patientCount() } == .closed)
        #expect(await storageError { try await database.scan { _ in 1 } } == .closed)
        await database.close()
    }

    @Test func `closing finishes the writes that wait`() async throws {
        let folder = try TemporaryFolder()
        try await withDatabase(in: folder) { database in
            let gate = Gate()
            let first = Task.immediate { try await database.write { _ in gate.pass() } }
            await gate.isEntered()
            let second = Task.immediate { try await database.insertPatient("pat_1") }
            let closing = Task.immediate { await database.close() }
            gate.open()
            try await first.value
            try await second.value
            await closing.value
        }
        #expect(try await withDatabase(in: folder) { try await $0.patientIDs() } == ["pat_1"])
    }

    private func mode(_ path: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    }
}
