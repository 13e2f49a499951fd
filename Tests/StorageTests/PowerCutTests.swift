import Foundation
import Synchronization
import Testing

@testable import Storage

/// What is acknowledged was flushed: a killed process can't show that, for the system keeps what it has written.
@Suite(.sqliteOnly, .timeLimit(.minutes(10))) struct PowerCutTests {
    private static let rows = [Migration(version: 1, name: "rows", sql: "CREATE TABLE acknowledged (id TEXT NOT NULL PRIMARY KEY)")]

    @Test func `the log is flushed before any write of a commit is acknowledged`() async throws {
        try await withWatchedDisk { disk, database in
            let unflushed = Tally()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for writer in 0..<8 {
                    group.addTask {
                        for number in 0..<25 {
                            try await database.write { transaction in
                                try transaction.insertRow("\(writer)-\(number)")
                                // Hooks run after the commit, before its writers are answered or another one begins.
                                transaction.onCommit { if !disk.isFlushed { unflushed.add() } }
                            }
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(unflushed.count == 0)
            #expect(disk.flushes >= database.counts.commits)
        }
    }

    @Test func `every row that was acknowledged before a power cut is there afterwards`() async throws {
        let folder = try TemporaryFolder()
        var cuts: [PowerCut] = []
        try await withWatchedDisk(in: folder) { disk, database in
            let acknowledged = Acknowledged()
            let writers = (0..<4).map { writer in
                Task {
                    for number in 0..<40 {
                        try await database.write { try $0.insertRow("\(writer)-\(number)") }
                        acknowledged.add("\(writer)-\(number)")
                    }
                }
            }
            for number in 0..<8 {
                while acknowledged.ids.count < number * 20 { await Task.yield() }
                let before = acknowledged.ids
                cuts.append(PowerCut(path: try disk.cutPower(into: "\(folder.path)/cut-\(number)"), acknowledged: before))
            }
            for writer in writers { try await writer.value }
        }
        for cut in cuts { #expect(try await Self.rows(in: cut.path).isSuperset(of: cut.acknowledged)) }
        #expect(cuts.map(\.acknowledged.count).max() ?? 0 >= 140)
    }

    /// The rig itself: a writer that does not flush at every commit loses rows in it.
    @Test func `without a flush at every commit a power cut takes what was committed`() async throws {
        let folder = try TemporaryFolder()
        let disk = try WatchedDisk(folder)
        let settings = SQLiteSettings(path: disk.databasePath, configuration: .sqlite(path: disk.databasePath))
        let database = try await Database.open(.sqlite(path: disk.databasePath), schema: Schema(Self.rows), logger: quiet)
        try await database.write { try $0.insertRow("kept") }
        await database.close()
        let connection = try settings.openWriter()
        try connection.runScript("PRAGMA synchronous = NORMAL; INSERT INTO acknowledged VALUES ('lost')")
        #expect(!disk.isFlushed)
        let path = try disk.cutPower(into: folder.path + "/cut")
        try connection.close()
        disk.remove()
        #expect(try await Self.rows(in: path) == ["kept"])
    }

    private static func rows(in path: String) async throws -> Set<String> {
        let database = try await Database.open(.sqlite(path: path), schema: Schema(rows), logger: quiet)
        let kept = try await database.scan { Set(try $0.rows("SELECT id FROM acknowledged") { $0.text(0) }) }
        try await database.check()
        await database.close()
        return kept
    }

    private func withWatchedDisk(
        in folder: TemporaryFolder? = nil, _ test: (WatchedDisk, Database) async throws -> Void
    ) async throws {
        let folder = try folder ?? TemporaryFolder()
        let disk = try WatchedDisk(folder)
        let database = try await Database.open(.sqlite(path: disk.databasePath), schema: Schema(Self.rows), logger: quiet)
        try await test(disk, database)
        await database.close()
        disk.remove()
    }
}

/// A moment at which the power was cut.
private struct PowerCut {
    /// What was left of the database.
    let path: String
    /// What had been acknowledged before.
    let acknowledged: Set<String>
}

private final class Acknowledged: Sendable {
    private let known = Mutex<Set<String>>([])

    var ids: Set<String> { known.withLock { $0 } }

    func add(_ id: String) { known.withLock { _ = $0.insert(id) } }
}

extension Transaction {
    fileprivate func insertRow(_ id: String) throws {
        try execute("INSERT INTO acknowledged VALUES (?)", [.text(id)])
    }
}
