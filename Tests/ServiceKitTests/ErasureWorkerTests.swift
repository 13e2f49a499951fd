import HMSTestKit
import Storage
import Synchronization
import Testing

@testable import ServiceKit

@Suite(.timeLimit(.minutes(10))) struct ErasureWorkerTests {
    private static let person = ForgottenPerson(id: "pat_1", forgottenAt: 5)

    @Test func `rows are erased when it is heard, files in the next round, and both again when every call of that time has ended`()
        async throws
    {
        let database = try await TestHospital().open(Notebook.definition()).resources.database
        let rows = Mutex(0)
        let files = Mutex(0)
        let erase: Erasure = { person, _ in
            #expect(person.id == "pat_1")
            return rows.withLock { count in
                count += 1
                return count == 1 ? 1 : 0
            }
        }
        let worker = ErasureWorker(
            database: database, logger: CapturedLog().logger(), erase: erase, eraseFiles: { _ in files.withLock { $0 += 1 } })
        try await database.write { try $0.forget(Self.person, by: erase) }
        let told = try #require(try await database.read { try $0.unsettledForgottenPeople() }.first)
        #expect(told.stage == .told && told.forgottenAt == 5)
        #expect(rows.withLock { $0 } == 1 && files.withLock { $0 } == 0)

        try await worker.makeRound(at: told.toldAt)
        #expect(try await database.read { try $0.forgottenPeople().map(\.stage) } == [.scrubbed])
        #expect(files.withLock { $0 } == 1)
        try await worker.makeRound(at: told.toldAt + 120_000)
        #expect(files.withLock { $0 } == 1, "a call of that time may still be under way")
        try await worker.makeRound(at: told.toldAt + 120_001)
        #expect(try await database.read { try $0.forgottenPeople().map(\.stage) } == [.settled])
        #expect(rows.withLock { $0 } == 3 && files.withLock { $0 } == 2)
        try await worker.makeRound(at: told.toldAt + 240_001)
        #expect(rows.withLock { $0 } == 3, "that is all")
    }
}
