import Foundation
import Testing

@testable import Storage

/// Another process that writes, started by the test and killed by it.
private struct WriterProcess {
    let process = Process()
    private let output = Pipe()

    init(databasePath: String, _ options: String...) throws {
        let folder = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
        process.executableURL = folder.appending(path: "storage-writer")
        process.arguments = [databasePath] + options
        process.standardOutput = output
        try process.run()
        // The pipe ends for the reader when the child is gone, so the parent must not hold it open.
        try output.fileHandleForWriting.close()
    }

    /// What it prints, whole lines only, up to `count` of them.
    func lines(atLeast count: Int) -> [Substring] {
        var bytes = Data()
        while true {
            let more = output.fileHandleForReading.availableData
            bytes += more
            let lines = wholeLines(bytes)
            if more.isEmpty || lines.count >= count { return lines }
        }
    }

    func kill() -> [Substring] {
        Foundation.kill(process.processIdentifier, SIGKILL)
        let rest = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return wholeLines(rest)
    }

    private func wholeLines(_ bytes: Data) -> [Substring] {
        Array(String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false).dropLast())
    }
}

/// Processes that die. That what they acknowledged was flushed, which a kill can't show, is for ``PowerCutTests``.
@Suite(.sqliteOnly, .timeLimit(.minutes(10))) struct CrashTests {
    private let rows = [Migration(version: 1, name: "rows", sql: "CREATE TABLE acknowledged (id TEXT NOT NULL PRIMARY KEY)")]

    @Test func `every row acknowledged before a kill is there afterwards, and the file is free at once`() async throws {
        let folder = try TemporaryFolder()
        var acknowledged: Set<Substring> = []
        for _ in 0..<3 {
            try? FileManager.default.removeItem(atPath: folder.databasePath)
            let writer = try WriterProcess(databasePath: folder.path + "/\(UUID().uuidString).sqlite")
            let path = try #require(writer.process.arguments?.first)
            var said = writer.lines(atLeast: 150)
            said += writer.kill()
            acknowledged = Set(said.filter { $0.contains("-") && $0 != "open" })
            #expect(acknowledged.count > 50)

            let database = try await Database.open(.sqlite(path: path), schema: Schema(rows), logger: quiet)
            let kept = try await database.scan { Set(try $0.rows("SELECT id FROM acknowledged") { $0.text(0) }) }
            #expect(acknowledged.allSatisfy { kept.contains(String($0)) })
            try await database.check()
            await database.close()
        }
    }

    @Test func `a disk that fails costs the writes it was needed for, and later ones are taken again`() async throws {
        let folder = try TemporaryFolder()
        let writer = try WriterProcess(databasePath: folder.databasePath, "fail-writes")
        let said = writer.lines(atLeast: 4)
        writer.process.waitUntilExit()
        #expect(said == ["open", "refused", "refused", "after,before"])
        try await withDatabase(in: folder, schema: Schema(rows)) { database in
            try await database.check()
            let kept = try await database.texts("SELECT id FROM acknowledged ORDER BY id")
            #expect(kept == ["after", "before"])
        }
    }

    @Test func `a second process is refused and told who has the file`() async throws {
        let folder = try TemporaryFolder()
        let writer = try WriterProcess(databasePath: folder.databasePath)
        #expect(writer.lines(atLeast: 1).first == "open")
        let error = await storageError { try await withDatabase(in: folder, schema: Schema(rows)) { _ in } }
        #expect(error == .locked(path: folder.databasePath, holder: writer.process.processIdentifier))
        _ = writer.kill()
        try await withDatabase(in: folder, schema: Schema(rows)) { _ in }
    }

    @Test func `the same process can't open a file twice`() async throws {
        let folder = try TemporaryFolder()
        try await withDatabase(in: folder) { _ in
            let error = await storageError { try await withDatabase(in: folder) { _ in } }
            #expect(error == .locked(path: folder.databasePath, holder: getpid()))
        }
        try await withDatabase(in: folder) { _ in }
    }

    @Test func `a start that fails leaves the file free`() async throws {
        let folder = try TemporaryFolder()
        let broken = [Migration(version: 1, name: "broken", sql: "CREATE NONSENSE")]
        #expect(await storageError { try await withDatabase(in: folder, schema: Schema(broken)) { _ in } } != nil)
        try await withDatabase(in: folder) { _ in }
    }
}
