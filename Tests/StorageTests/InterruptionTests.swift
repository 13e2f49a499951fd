import StorageTestKit
import Synchronization
import Testing

@testable import Storage

/// What becomes of a read or a write on a server when nobody wants it any more.
@Suite(.timeLimit(.minutes(2)), .enabled(if: TestServer.isPresent, "HMS_TEST_POSTGRES names no server")) struct InterruptionTests {
    @Test(arguments: [false, true])
    func `a read whose task is cancelled stops its statement, and its connection is used again`(isLong: Bool) async throws {
        try await withDatabase {
            $0.connections = 1
            $0.scanThreads = 1
        } _: { database in
            let backend: @Sendable (Reader) throws -> Int? = { try $0.row("SELECT pg_backend_pid()") { $0.int(0) } }
            let before = isLong ? try await database.scan(backend) : try await database.read(backend)
            let sleep: @Sendable (Reader) throws -> Bool = { try $0.exists("SELECT 1 FROM pg_sleep(600)") }
            let read = Task { isLong ? try await database.scan(sleep) : try await database.read(sleep) }
            try await isActive(before)
            read.cancel()
            await #expect(throws: CancellationError.self) { try await read.value }
            let state = try await activity(of: before).state
            #expect(state != "active")
            let after = isLong ? try await database.scan(backend) : try await database.read(backend)
            #expect(after == before)
        }
    }

    @Test func `a write whose task is cancelled while it waits for a lock leaves nothing, and holds nobody up`() async throws {
        try await withDatabase { database in
            try await database.insertPatient("pat_1")
            let gate = Gate()
            let holder = Task.immediate {
                try await database.write { transaction in
                    try transaction.execute("UPDATE patients SET name = 'Grace' WHERE id = 'pat_1'")
                    gate.pass()
                }
            }
            await gate.isEntered()
            let pid = Pid()
            let waiting = Task.immediate {
                try await database.write { transaction in
                    pid.note(try transaction.row("SELECT pg_backend_pid()") { $0.int(0) })
                    try transaction.insertPatient("pat_2")
                    try transaction.execute("UPDATE patients SET name = 'Ada' WHERE id = 'pat_1'")
                }
            }
            try await waitsForLock(pid)
            waiting.cancel()
            await #expect(throws: CancellationError.self) { try await waiting.value }
            gate.open()
            try await holder.value
            #expect(try await database.texts("SELECT name FROM patients") == ["Grace"])
        }
    }

    @Test func `a write that is cancelled between its statements makes no other`() async throws {
        try await withDatabase { database in
            let gate = Gate()
            let write = Task.immediate {
                try await database.write { transaction in
                    try transaction.insertPatient("pat_1")
                    gate.pass()
                    try transaction.insertPatient("pat_2")
                }
            }
            await gate.isEntered()
            write.cancel()
            gate.open()
            await #expect(throws: CancellationError.self) { try await write.value }
            let count = try await database.patientCount()
            #expect(count == 0)
        }
    }

    @Test func `a write that has come to its commit is kept and answered, although its task was cancelled`() async throws {
        let waiting = Migration(
            version: 2, name: "a commit that waits",
            sql: """
                CREATE FUNCTION wait_for_lock() RETURNS trigger LANGUAGE plpgsql AS
                    'BEGIN PERFORM pg_advisory_xact_lock(NEW.age); RETURN NULL; END';
                CREATE CONSTRAINT TRIGGER waiting AFTER INSERT ON patients DEFERRABLE INITIALLY DEFERRED
                    FOR EACH ROW EXECUTE FUNCTION wait_for_lock();
                """)
        let folder = try TemporaryFolder()
        try await withDatabase(in: folder, schema: Schema(patientMigrations + [waiting])) { database in
            let pid = Pid()
            let locker = try PostgresSettings(schema: folder.schema).connect()
            // The lock is of the whole database: only this test may have it.
            try locker.runScript("SELECT pg_advisory_lock(77)")
            let write = Task.immediate {
                try await database.write { transaction in
                    pid.note(try transaction.row("SELECT pg_backend_pid()") { $0.int(0) })
                    try transaction.insertPatient("pat_1", age: 77)
                }
            }
            try await waitsForLock(pid)
            write.cancel()
            try locker.runScript("SELECT pg_advisory_unlock(77)")
            try await write.value
            #expect(try await database.patientIDs() == ["pat_1"])
        }
    }

    private func activity(of pid: Int?) async throws -> (state: String?, waitsForLock: Bool) {
        let server = try PostgresSettings(schema: "public").connect()
        try server.send(
            "SELECT state, wait_event_type IS NOT DISTINCT FROM 'Lock' FROM pg_stat_activity WHERE pid = ?", [SQLValue(pid ?? 0)])
        var found: (state: String?, waitsForLock: Bool) = (nil, false)
        try server.receive()?.forEach { row in
            found = (row.textOrNil(0), row.bool(1))
            return false
        }
        return found
    }

    private func isActive(_ pid: Int?) async throws {
        while try await activity(of: pid).state != "active" { await Task.yield() }
    }

    private func waitsForLock(_ pid: Pid) async throws {
        while try await !activity(of: pid.number).waitsForLock { await Task.yield() }
    }
}

/// The server's process that runs a transaction, once it is known.
private final class Pid: Sendable {
    private let known = Mutex<Int?>(nil)

    var number: Int? { known.withLock { $0 } }

    func note(_ number: Int?) { known.withLock { $0 = number } }
}
