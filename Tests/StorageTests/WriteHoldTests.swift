import Foundation
import Testing

@testable import Storage

/// The moment at which nothing is written.
@Suite(.sqliteOnly, .timeLimit(.minutes(10))) struct WriteHoldTests {
    private struct Refused: Error {}

    @Test func `what was written before a hold is in its state, and what comes behind it is not`() async throws {
        let elsewhere = try TemporaryFolder()
        try await withDatabase { database in
            try await database.insertPatient("pat_before")
            let hold = try await database.hold(for: .seconds(60))
            async let behind: Void = database.insertPatient("pat_behind")
            #expect(try await database.patientIDs() == ["pat_before"])
            #expect(hold.release())
            try await behind
            try await hold.copy(to: elsewhere.databasePath)
            #expect(try await database.patientCount() == 2)
        }
        #expect(try await withDatabase(in: elsewhere) { try await $0.patientIDs() } == ["pat_before"])
    }

    @Test func `a hold that nobody releases ends by itself, which its release then says`() async throws {
        try await withDatabase { database in
            let hold = try await database.hold(for: .milliseconds(20))
            try await database.insertPatient("pat_1")
            #expect(!hold.release())
            try hold.discard()
        }
    }

    @Test func `a state is copied once, and not after it was given up`() async throws {
        let elsewhere = try TemporaryFolder()
        try await withDatabase { database in
            let hold = try await database.hold(for: .seconds(60))
            try hold.discard()
            #expect(await storageError { try await hold.copy(to: elsewhere.databasePath) } == .closed)
            try await database.insertPatient("pat_1")
        }
    }

    @Test func `a hold beside writes that fail is none the worse`() async throws {
        try await withDatabase { database in
            for round in 0..<20 {
                let failing = (0..<10).map { index in
                    Task {
                        try await database.write { transaction in
                            try transaction.execute(
                                "INSERT INTO patients (id, name) VALUES (?, 'x')", [.text("pat_\(round)_\(index)")])
                            throw Refused()
                        }
                    }
                }
                let hold = try await database.hold(for: .seconds(60))
                #expect(hold.release())
                try hold.discard()
                for task in failing { await #expect(throws: Refused.self) { try await task.value } }
            }
            #expect(try await database.patientCount() == 0)
        }
    }

    @Test func `a database that is closed can't be held`() async throws {
        let folder = try TemporaryFolder()
        let database = try await withDatabase(in: folder) { $0 }
        #expect(await storageError { _ = try await database.hold(for: .seconds(1)) } == .closed)
    }

    /// Whoever writes the second only after the first was acknowledged never finds it without the first.
    @Test func `states of two databases that were held together are of one moment`() async throws {
        let (first, second) = (try TemporaryFolder(), try TemporaryFolder())
        try await withDatabase(in: first) { first in
            try await withDatabase(in: second) { second in
                let writing = Task {
                    var count = 0
                    while !Task.isCancelled {
                        try await first.insertPatient("pat_\(count)")
                        try await second.insertPatient("pat_\(count)")
                        count += 1
                    }
                }
                for _ in 0..<30 {
                    // The one that is written last is held first: without the release behind both it would be behind.
                    let held = try await (second.hold(for: .seconds(60)), first.hold(for: .seconds(60)))
                    let wereHeld = (held.0.release(), held.1.release())
                    #expect(wereHeld == (true, true))
                    let counts = try await (Self.count(in: held.0), Self.count(in: held.1))
                    #expect(counts.0 == counts.1 || counts.0 + 1 == counts.1, "\(counts)")
                }
                writing.cancel()
                // The write that the cancellation came before.
                _ = await writing.result
            }
        }
    }

    private static func count(in hold: WriteHold) async throws -> Int {
        let copy = try TemporaryFolder()
        try await hold.copy(to: copy.databasePath)
        return try await withDatabase(in: copy) { try await $0.patientCount() }
    }
}
