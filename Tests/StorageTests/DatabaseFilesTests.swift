import Foundation
import Testing

@testable import Storage

/// Files of several services, read side by side.
@Suite(.sqliteOnly, .timeLimit(.minutes(10))) struct DatabaseFilesTests {
    @Test func `one statement reads several files`() async throws {
        let (folder, paths) = try await Self.twoFiles()
        let files = try DatabaseFiles(paths, held: true)
        let names = try files.read { reader in
            try reader.rows("SELECT a.name FROM left.patients a JOIN right.patients b ON b.id = a.id") { $0.text(0) }
        }
        #expect(names == ["Ada"])
        try files.close()
        _ = folder
    }

    @Test func `what a killed process left in the log is read`() async throws {
        let folder = try TemporaryFolder()
        let database = try await Database.open(.sqlite(path: folder.databasePath), schema: Schema(patientMigrations), logger: quiet)
        try await database.insertPatient("1")
        let copy = folder.path + "/copy.sqlite"
        for suffix in ["", "-wal"] {
            try FileManager.default.copyItem(atPath: folder.databasePath + suffix, toPath: copy + suffix)
        }
        await database.close()
        let files = try DatabaseFiles(["patient": copy], held: true)
        #expect(try files.read { try $0.row("SELECT count(*) FROM patient.patients") { $0.int(0) } } == 1)
        try files.close()
    }

    @Test func `nothing is written, and the files stay as they were`() async throws {
        let (folder, paths) = try await Self.twoFiles()
        let before = try Data(contentsOf: URL(filePath: paths["left"] ?? ""))
        let files = try DatabaseFiles(paths, held: true)
        #expect(throws: StorageError.self) {
            try files.read { try $0.rows("DELETE FROM left.patients RETURNING id") { $0.text(0) } }
        }
        try files.close()
        #expect(try Data(contentsOf: URL(filePath: paths["left"] ?? "")) == before)
        _ = folder
    }

    @Test func `while the files are held nobody opens them, and who has one keeps them from being held`() async throws {
        let (folder, paths) = try await Self.twoFiles()
        let files = try DatabaseFiles(paths, held: true)
        let refused = await storageError { try await Self.open(paths["left"] ?? "") }
        guard case .locked = refused else {
            Issue.record("opened all the same")
            return
        }
        try files.close()
        let database = try await Self.open(paths["left"] ?? "")
        #expect(throws: StorageError.self) { try DatabaseFiles(paths, held: true) }
        await database.close()
        _ = folder
    }

    @Test func `a file that is not there is told`() throws {
        #expect(throws: StorageError.cannotOpen("/nowhere/patient.sqlite")) {
            try DatabaseFiles(["patient": "/nowhere/patient.sqlite"], held: false)
        }
    }

    @Test func `a whole file has no damage, and a reference to nothing is found`() async throws {
        let (folder, paths) = try await Self.twoFiles()
        let sound = try DatabaseFiles(paths, held: true)
        #expect(try sound.damage(of: "left") == [])
        #expect(try sound.danglingReferences(of: "left") == [])
        try sound.close()
        let connection = try SQLiteSettings(path: paths["left"] ?? "", configuration: .sqlite(path: "")).openWriter()
        try connection.runScript("PRAGMA foreign_keys = OFF; INSERT INTO visits VALUES ('v1', 'nobody', '2026-03-02')")
        try connection.close()
        let broken = try DatabaseFiles(paths, held: true)
        #expect(try broken.danglingReferences(of: "left") == ["visits refers to nothing in patients"])
        #expect(try broken.danglingReferences(of: "right") == [])
        try broken.close()
        _ = folder
    }

    private static func open(_ path: String) async throws -> Database {
        try await Database.open(.sqlite(path: path), schema: Schema(patientMigrations), logger: quiet)
    }

    /// Two closed databases, each with the patient “1”.
    private static func twoFiles() async throws -> (TemporaryFolder, [String: String]) {
        let folder = try TemporaryFolder()
        let paths = ["left": folder.path + "/left.sqlite", "right": folder.path + "/right.sqlite"]
        for path in paths.values {
            let database = try await open(path)
            try await database.insertPatient("1")
            await database.close()
        }
        return (folder, paths)
    }
}
