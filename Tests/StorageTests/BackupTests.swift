import Foundation
import Testing

@testable import Storage

@Suite(.sqliteOnly, .timeLimit(.minutes(10))) struct BackupTests {
    @Test func `a backup taken under writes opens as a whole database`() async throws {
        let (folder, elsewhere) = (try TemporaryFolder(), try TemporaryFolder())
        try await withDatabase(in: folder) { database in
            for index in 0..<50 { try await database.insertPatient("pat_before\(index)") }
            let writing = Task {
                for index in 0..<200 { try await database.insertPatient("pat_during\(index)") }
            }
            try await database.backup(to: elsewhere.databasePath)
            try await writing.value
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: elsewhere.path) == ["test.sqlite"])
        try await withDatabase(in: elsewhere) { copy in
            try await copy.check()
            #expect(try await copy.patientCount() >= 50)
            try await copy.insertPatient("pat_after")
        }
    }

    @Test func `a backup takes the place of an older one`() async throws {
        let (folder, elsewhere) = (try TemporaryFolder(), try TemporaryFolder())
        try await withDatabase(in: folder) { database in
            try await database.backup(to: elsewhere.databasePath)
            try await database.insertPatient("pat_1")
            try await database.backup(to: elsewhere.databasePath)
        }
        #expect(try await withDatabase(in: elsewhere) { try await $0.patientIDs() } == ["pat_1"])
    }

    @Test func `a backup that can't be written says so and leaves nothing`() async throws {
        let elsewhere = try TemporaryFolder()
        try await withDatabase { database in
            #expect(await storageError { try await database.backup(to: elsewhere.path + "/nowhere/copy.sqlite") } != nil)
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: elsewhere.path).isEmpty)
    }

    @Test func `a healthy database passes its check, a damaged one is told`() async throws {
        let folder = try TemporaryFolder()
        try await withDatabase(in: folder) { database in
            for index in 0..<500 { try await database.insertPatient("pat_\(index)", name: String(repeating: "n", count: 100)) }
            try await database.check()
        }
        let file = try FileHandle(forUpdating: URL(filePath: folder.databasePath))
        let pages = try file.seekToEnd() / 4096
        for page in (pages * 3 / 4)..<pages {
            try file.seek(toOffset: page * 4096 + 8)
            try file.write(contentsOf: Data(repeating: 0xAB, count: 512))
        }
        try file.close()
        try await withDatabase(in: folder) { database in
            let error = await storageError { try await database.check() }
            switch error {
            case .integrity(let faults): #expect(!faults.isEmpty)
            case .corrupt: break
            default: Issue.record("\(String(describing: error))")
            }
        }
    }
}
