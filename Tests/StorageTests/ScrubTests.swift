import Foundation
import Logging
import Testing

@testable import Storage

/// What a file keeps of rows that are no more.
@Suite(.sqliteOnly, .timeLimit(.minutes(5))) struct ScrubTests {
    private static let secret = "zq-nobody-may-find-this"

    @Test func `after a scrub neither the file nor its log has a byte of what was deleted or written over`() async throws {
        let folder = try TemporaryFolder()
        let schema = Schema([Migration(version: 1, name: "texts", sql: "CREATE TABLE texts (id INTEGER PRIMARY KEY, text TEXT NOT NULL);")])
        let database = try await Database.open(
            folder.configuration(), schema: schema, logger: Logger(label: "scrub"))
        try await database.write { transaction in
            for number in 1...200 {
                try transaction.execute(
                    "INSERT INTO texts (id, text) VALUES (?, ?)", [SQLValue(number), .text("\(Self.secret) \(number)")])
            }
        }
        try await database.write { transaction in
            try transaction.execute("DELETE FROM texts WHERE id <= 100")
            try transaction.execute("UPDATE texts SET text = 'gone'")
        }
        #expect(try Self.hits(in: folder.path) > 0)
        try await database.scrub()
        #expect(try Self.hits(in: folder.path) == 0)
        #expect(try await database.read { try $0.row("SELECT count(*) FROM texts WHERE text = 'gone'") { $0.int(0) } } == 100)
        try await database.check()
        await database.close()
    }

    private static func hits(in folder: String) throws -> Int {
        try FileManager.default.contentsOfDirectory(atPath: folder).count { name in
            FileManager.default.contents(atPath: "\(folder)/\(name)")?.range(of: Data(secret.utf8)) != nil
        }
    }
}
