import Foundation
import Logging
import Storage

// A process for tests to kill, and to give a disk that fails.
//
//     storage-writer FILE              writes from eight tasks, prints each id that was acknowledged, until it is killed
//     storage-writer FILE fail-writes  takes the disk away, prints how a write ends, gives it back, prints again

let table = Migration(version: 1, name: "rows", sql: "CREATE TABLE acknowledged (id TEXT NOT NULL PRIMARY KEY)")
let logger = Logger(label: "storage-writer") { _ in SwiftLogNoOpLogHandler() }
let database = try await Database.open(.sqlite(path: CommandLine.arguments[1]), schema: [table], logger: logger)

func say(_ line: String) {
    let bytes = Array((line + "\n").utf8)
    _ = write(1, bytes, bytes.count)
}

func insert(_ id: String) async throws {
    try await database.write { try $0.execute("INSERT INTO acknowledged VALUES (?)", [.text(id)]) }
}

func writeUntilKilled() async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
        for writer in 0..<8 {
            group.addTask {
                for number in 0... {
                    try await insert("\(writer)-\(number)")
                    say("\(writer)-\(number)")
                }
            }
        }
        try await group.waitForAll()
    }
}

/// Files can't grow any more: writing to them fails with an I/O error until the limit is lifted.
func limitFileSize(_ bytes: rlim_t) {
    var limit = rlimit()
    getrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
    limit.rlim_cur = bytes
    setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
}

func writeWithoutDisk() async throws {
    signal(SIGXFSZ, SIG_IGN)
    try await insert("before")
    limitFileSize(4096)
    for attempt in 0..<2 {
        do {
            try await insert("during \(attempt)")
            say("kept")
        } catch {
            say("refused")
        }
    }
    limitFileSize(rlim_t.max)
    try await insert("after")
    let ids = try await database.read { try $0.rows("SELECT id FROM acknowledged ORDER BY id") { $0.text(0) } }
    say(ids.joined(separator: ","))
    await database.close()
}

say("open")
if CommandLine.arguments.contains("fail-writes") { try await writeWithoutDisk() } else { try await writeUntilKilled() }
