import Synchronization
import Testing

@testable import Storage

/// A disk with less room than must be left: nothing is stored, what is there can be read, and room makes all well again.
@Suite(.sqliteOnly, .timeLimit(.minutes(5))) struct RoomWatchTests {
    private final class Room: Sendable {
        let free = Atomic<Int64>(1_000_000)
    }

    private func withRoom(_ body: (Room, Database) async throws -> Void) async throws {
        let room = Room()
        try await withDatabase {
            $0.leastFreeBytes = 80_000
            $0.freeBytes = { _ in room.free.load(ordering: .relaxed) }
        } _: {
            try await body(room, $0)
        }
    }

    @Test func `below the bound writes are refused, nothing of them is kept, and reads go on`() async throws {
        try await withRoom { room, database in
            try await database.insertPatient("pat_before")
            room.free.store(79_999, ordering: .relaxed)
            var acknowledged: Set = ["pat_before"]
            for index in 0... {
                let id = "pat_\(index)"
                guard let error = await storageError(of: { try await database.insertPatient(id) }) else {
                    acknowledged.insert(id)
                    continue
                }
                #expect(error == .full)
                break
            }
            #expect(await database.condition() == .full)
            #expect(try await Set(database.patientIDs()) == acknowledged)
        }
    }

    @Test func `it goes on by itself when there is room`() async throws {
        try await withRoom { room, database in
            room.free.store(0, ordering: .relaxed)
            while await storageError(of: { try await database.insertPatient("pat_\(UInt64.random(in: 0...(.max)))") }) == nil {}
            room.free.store(90_000, ordering: .relaxed)
            while await database.condition() != .sound { await Task.yield() }
            try await database.insertPatient("pat_after")
        }
    }

    @Test func `the bound is exact, and an eighth more is free before it goes on`() {
        let room = Room()
        var configuration = DatabaseConfiguration.sqlite(path: "/nowhere/test.sqlite")
        configuration.leastFreeBytes = 80_000
        configuration.freeBytes = { _ in room.free.load(ordering: .relaxed) }
        let watch = RoomWatch(SQLiteSettings(path: "/nowhere/test.sqlite", configuration: configuration))
        for (free, isShort) in [(80_000, false), (79_999, true), (80_000, true), (89_999, true), (90_000, false), (80_000, false)] {
            room.free.store(Int64(free), ordering: .relaxed)
            #expect(watch.isShortNow() == isShort, "\(free)")
        }
    }

    @Test(arguments: [
        (3_006_999, false), (3_007_000, true), (3_040_001, true), (3_051_002, true), (3_051_003, false), (3_052_000, false),
    ])
    func `versions of SQLite that can reset another's log are known`(number: Int, canReset: Bool) {
        #expect(SQLiteLibrary.canResetForeignLogs(number: number) == canReset)
    }
}
