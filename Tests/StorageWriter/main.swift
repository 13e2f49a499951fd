import Foundation
import Logging
import Storage

// Writes rows to the database at the path given, from eight tasks at once, and prints the id of each one when it was
// acknowledged, until somebody kills it. The tests of durability and of the lock are that somebody.

let table = Migration(version: 1, name: "rows", sql: "CREATE TABLE acknowledged (id TEXT NOT NULL PRIMARY KEY)")
let logger = Logger(label: "storage-writer") { StreamLogHandler.standardError(label: $0) }
let database = try await Database.open(.sqlite(path: CommandLine.arguments[1]), migrations: [table], logger: logger)

func say(_ line: String) {
    let bytes = Array((line + "\n").utf8)
    _ = write(1, bytes, bytes.count)
}

say("open")
try await withThrowingTaskGroup(of: Void.self) { group in
    for writer in 0..<8 {
        group.addTask {
            for number in 0... {
                let id = "\(writer)-\(number)"
                try await database.write { try $0.execute("INSERT INTO acknowledged VALUES (?)", [.text(id)]) }
                say(id)
            }
        }
    }
    try await group.waitForAll()
}
