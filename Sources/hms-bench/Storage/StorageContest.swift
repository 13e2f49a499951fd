import Storage
import Synchronization

/// Storage and the floor, taking turns.
final class StorageContest {
    private let database: Database
    private let floor: SQLiteFloor
    /// Ids rise, as the house's do, for both sides alike: random ones would touch a page of the index each.
    private let lastID = RisingNumber()

    init(database: Database, floor: SQLiteFloor) {
        self.database = database
        self.floor = floor
    }

    func round(rows: Int, manyRows: Int, clients: Int, reads: Int) async throws -> StorageRound {
        var round = StorageRound()
        round.floorAlone = try await rate(rows) { try floor.insert(rows, batch: 1) }
        round.alone = try await rate(rows) { try await insert(rows) }
        let before = database.counts
        round.many = try await rate(manyRows) { try await insert(manyRows, clients: clients) }
        let after = database.counts
        round.batch = Double(after.writes - before.writes) / Double(max(1, after.commits - before.commits))
        let batch = max(1, Int(round.batch.rounded()))
        round.floorMany = try await rate(manyRows) { try floor.insert(manyRows, batch: batch) }
        try await read(reads, &round)
        return round
    }

    private func insert(_ rows: Int, clients: Int = 1) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<clients {
                group.addTask { [database, lastID] in
                    for _ in 0..<rows / clients {
                        let id = SQLValue.text("row_\(lastID.next())")
                        try await database.write { try $0.execute(benchInsert, [id, .text(benchPayload)]) }
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    private func read(_ reads: Int, _ round: inout StorageRound) async throws {
        let ids = try await database.scan { try $0.rows("SELECT id FROM rows LIMIT 1000") { $0.text(0) } }
        round.floorReads = try await rate(reads) {
            for index in 0..<reads { _ = try floor.read("floor_\(index % 1000)") }
        }
        round.inlineReads = try await rate(reads) {
            for index in 0..<reads {
                let id = SQLValue.text(ids[index % ids.count])
                _ = try await database.read { try $0.row(benchSelect, [id]) { $0.text(0) } }
            }
        }
        round.hoppingReads = try await rate(reads / 10) {
            for index in 0..<reads / 10 {
                let id = SQLValue.text(ids[index % ids.count])
                _ = try await database.scan { try $0.row(benchSelect, [id]) { $0.text(0) } }
            }
        }
    }
}

/// Numbers for many tasks, each once.
private final class RisingNumber: Sendable {
    private let last = Atomic(0)

    func next() -> Int { last.add(1, ordering: .relaxed).newValue }
}
