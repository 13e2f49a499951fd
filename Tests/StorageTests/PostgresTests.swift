import StorageTestKit
import Synchronization
import Testing

@testable import Storage

/// What PostgreSQL's engine does beside what every engine does.
@Suite(.timeLimit(.minutes(5)), .enabled(if: TestServer.isPresent, "HMS_TEST_POSTGRES names no server")) struct PostgresTests {
    private let counters: Schema = [
        Migration(version: 1, name: "counters", sql: "CREATE TABLE counters (name TEXT NOT NULL PRIMARY KEY, value BIGINT NOT NULL)")
    ]

    @Test func `writes that read what others write are as if each had run alone`() async throws {
        try await withDatabase(schema: counters) { database in
            try await database.write { try $0.execute("INSERT INTO counters VALUES ('one', 0)") }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<4 {
                    group.addTask {
                        for _ in 0..<10 {
                            try await database.write { transaction in
                                let value = try transaction.row("SELECT value FROM counters") { $0.int(0) } ?? 0
                                try transaction.execute("UPDATE counters SET value = ? WHERE name = 'one'", [SQLValue(value + 1)])
                            }
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await database.integers("SELECT value FROM counters") == [40])
        }
    }

    @Test func `a row is found by its index, in a table however small`() async throws {
        try await withDatabase(schema: counters) { database in
            try await database.write { transaction in
                for name in 0..<8 { try transaction.enqueue("INSERT INTO counters VALUES (?, 0)", [.text("\(name)")]) }
            }
            let plan = try await database.read { try $0.rows("EXPLAIN SELECT value FROM counters WHERE name = '1'") { $0.text(0) } }
            #expect(plan.first?.contains("counters_pkey") == true)
        }
    }

    @Test func `a write whose connection breaks before its commit is made again on another`() async throws {
        let runs = Tally()
        try await withDatabase { database in
            try await database.write { transaction in
                runs.add()
                try transaction.insertPatient("pat_1")
                if runs.count == 1 { try endConnection(of: transaction) }
                try transaction.insertPatient("pat_2")
            }
            #expect(runs.count == 2)
            #expect(try await database.patientIDs() == ["pat_1", "pat_2"])
        }
    }

    @Test func `a write that would double a row which came meanwhile is made again, and finds it`() async throws {
        let runs = Tally()
        try await withDatabase { database in
            let isThere = try await database.write { transaction in
                runs.add()
                if try transaction.exists("SELECT 1 FROM patients WHERE name = 'Ada'") { return true }
                if runs.count == 1 {
                    let schema = try transaction.row("SELECT current_schema()::text") { $0.text(0) } ?? ""
                    try serverScript("INSERT INTO \"\(schema)\".patients (id, name) VALUES ('pat_1', 'Ada')")
                }
                try transaction.insertPatient("pat_1")
                return false
            }
            #expect(isThere && runs.count == 2)
            let error = await storageError { try await database.write { try $0.insertPatient("pat_1") } }
            #expect(error == .uniqueViolation(index: "patients_pkey", columns: ["id"]))
        }
    }

    @Test func `a read whose connection breaks is made again on another`() async throws {
        let runs = Tally()
        try await withDatabase { database in
            let count = try await database.read { reader in
                runs.add()
                // Two statements, so that the second run has a snapshot.
                _ = try reader.row("SELECT 1") { $0.int(0) }
                if runs.count == 2 { try endConnection(of: reader) }
                return try reader.row("SELECT count(*) FROM patients") { $0.int(0) }
            }
            #expect(count == 0)
        }
    }

    @Test func `a write whose commit was not answered is told so and never made again`() async throws {
        let ending = Migration(
            version: 2, name: "a commit that ends its connection",
            sql: """
                CREATE FUNCTION end_connection() RETURNS trigger LANGUAGE plpgsql AS
                    'BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END';
                CREATE CONSTRAINT TRIGGER ending AFTER INSERT ON patients DEFERRABLE INITIALLY DEFERRED
                    FOR EACH ROW WHEN (NEW.name = 'Nobody') EXECUTE FUNCTION end_connection();
                """)
        let runs = Tally()
        try await withDatabase(schema: Schema(patientMigrations + [ending])) { database in
            let error = await storageError {
                try await database.write { transaction in
                    runs.add()
                    try transaction.insertPatient("pat_1", name: "Nobody")
                }
            }
            #expect(error == .outcomeUnknown)
            #expect(runs.count == 1)
            try await database.insertPatient("pat_2")
            #expect(try await database.patientIDs() == ["pat_2"])
        }
    }

    @Test func `while no server lets us in everybody is told at once, and it goes on when one does`() async throws {
        try await TestServer.withOwnDatabase { name, url in
            let database = try await Database.open(.postgres(url: url, schema: "away"), schema: Schema(patientMigrations), logger: quiet)
            try await database.insertPatient("pat_1")
            try serverScript(
                """
                ALTER DATABASE "\(name)" ALLOW_CONNECTIONS false;
                SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '\(name)'
                """)
            let start = ContinuousClock.now
            for _ in 0..<20 { #expect(await storageError { try await database.patientCount() } == .unreachable) }
            #expect(await storageError { try await database.insertPatient("pat_2") } == .unreachable)
            #expect(.now - start < .seconds(60))
            try serverScript("ALTER DATABASE \"\(name)\" ALLOW_CONNECTIONS true")
            while await storageError(of: { try await database.insertPatient("pat_3") }) == .unreachable { await Task.yield() }
            #expect(try await database.patientIDs() == ["pat_1", "pat_3"])
            await database.close()
        }
    }

    @Test func `of several that open one schema at once one migrates, and all are served`() async throws {
        let folder = try TemporaryFolder()
        let configuration = try folder.configuration()
        try await withThrowingTaskGroup(of: Int.self) { group in
            for number in 0..<4 {
                group.addTask {
                    let database = try await Database.open(configuration, schema: Schema(patientMigrations), logger: quiet)
                    try await database.insertPatient("pat_\(number)")
                    let count = try await database.integers("SELECT count(*) FROM hms_migrations WHERE component = 'service'")
                    await database.close()
                    return count.first ?? 0
                }
            }
            for try await count in group { #expect(count == 1) }
        }
        withExtendedLifetime(folder) {}
    }

    @Test func `texts are ordered and compared byte by byte, whatever the server's language is`() async throws {
        try await withDatabase { database in
            for name in ["a", "B", "é", "Z", "z", "_"] { try await database.insertPatient("pat_\(name)", name: name) }
            #expect(try await database.texts("SELECT name FROM patients ORDER BY name") == ["B", "Z", "_", "a", "z", "é"])
            #expect(try await database.texts("SELECT name FROM patients WHERE name < 'a' ORDER BY name DESC") == ["_", "Z", "B"])
        }
    }

    @Test func `sums, conditions and numbers of every width are read as integers`() async throws {
        try await withDatabase { database in
            let read = try await database.read { reader in
                try reader.row(
                    """
                    SELECT sum(n), count(*) > 1, max(n)::int4, min(n)::int2, 9223372036854775807::numeric, -9223372036854775808::numeric,
                        0::numeric, -10000::numeric, 120000000::numeric
                    FROM generate_series(1, 4) AS s (n)
                    """
                ) { row in (0..<row.count).map { row.int64($0) } }
            }
            #expect(read == [10, 1, 4, 1, .max, .min, 0, -10_000, 120_000_000])
            let real = try await database.read {
                try $0.row("SELECT -1.5::numeric, avg(n) FROM generate_series(1, 2) n") { ($0.double(0), $0.double(1)) }
            }
            #expect(real?.0 == -1.5 && real?.1 == 1.5)
            #expect(
                await storageError { try await database.read { try $0.row("SELECT 1.5::numeric AS half") { $0.int(0) } } }
                    == .unexpectedValue(column: "half"))
        }
    }

    @Test func `results of any length come a page at a time, and statements run within them`() async throws {
        try await withDatabase { database in
            let sum = try await database.scan { reader in
                var sum = 0
                try reader.forEachRow("SELECT n::int8 FROM generate_series(1, ?) n", [1_750]) { row in
                    let number = row.int(0)
                    if number % 500 == 0 { sum += try reader.row("SELECT ?::int8 + 1", [SQLValue(number)]) { $0.int(0) } ?? 0 }
                    return number < 1_600
                }
                return sum
            }
            #expect(sum == 501 + 1_001 + 1_501)
        }
    }

    @Test func `a parameter that was NULL at first may be anything later`() async throws {
        try await withDatabase { database in
            for (id, email, age) in [("pat_1", nil, nil), ("pat_2", "ada@example.org", 4), ("pat_3", nil, 5)] as [(String, String?, Int?)] {
                try await database.write { transaction in
                    try transaction.execute(
                        "INSERT INTO patients (id, name, email, age) VALUES (?, 'Ada', ?, ?)", [.text(id), SQLValue(email), SQLValue(age)])
                }
            }
            #expect(try await database.integers("SELECT age FROM patients WHERE age IS NOT NULL ORDER BY age") == [4, 5])
        }
    }

    @Test func `an event that commits after a later one is delivered, and one that is undone holds up nothing`() async throws {
        try await withDatabase { database in
            let receiver = Receiver()
            try await relaying(database, [receiver.subscriber("billing")]) { _ in
                try await database.publish("evt_0", of: "apt_0")
                await receiver.hasReceived(1)
                let gate = Gate()
                let slow = Task.immediate {
                    try await database.write { transaction in
                        _ = try transaction.publishPlaced(event("evt_slow", of: "apt_1"))
                        gate.pass()
                    }
                }
                await gate.isEntered()
                _ = try? await database.write { transaction in
                    _ = try transaction.publishPlaced(event("evt_undone", of: "apt_2"))
                    throw Refusal()
                }
                try await database.publish("evt_fast", of: "apt_3")
                gate.open()
                try await slow.value
                await receiver.hasReceived(3)
            }
            #expect(receiver.ids == ["evt_0", "evt_slow", "evt_fast"])
        }
    }

    @Test func `a place that may still be filled is not passed over, and one that never will be is`() async throws {
        try await withDatabase { database in
            let store = OutboxStore(database: database, subscriber: "billing", types: nil, gaps: OutboxGaps())
            let gate = Gate()
            let slow = Task.immediate {
                try await database.write { transaction in
                    _ = try transaction.publishPlaced(event("evt_slow", of: "apt_1"))
                    gate.pass()
                    throw Refusal()
                }
            }
            await gate.isEntered()
            try await database.publish("evt_fast", of: "apt_2")
            for _ in 0..<3 {
                let work = try await store.work(limit: 9, at: 0)
                #expect(work.isEmpty && work.waitsForOthers)
            }
            gate.open()
            _ = await slow.result
            // Transactions of other tests may run still, which began before this was seen first.
            var work = try await store.work(limit: 9, at: 0)
            while work.waitsForOthers { work = try await store.work(limit: 9, at: 0) }
            #expect(work.fresh.map(\.event.id) == ["evt_fast"])
        }
    }

    @Test func `a database that does not store texts as UTF-8 is refused`() async throws {
        try await TestServer.withOwnDatabase("ENCODING 'SQL_ASCII' LOCALE_PROVIDER libc LOCALE 'C' TEMPLATE template0") { _, url in
            let error = await storageError { try await Database.open(.postgres(url: url, schema: "any"), schema: [], logger: quiet) }
            guard case .cannotOpen(let reason) = error else { return #expect(Bool(false), "\(String(describing: error))") }
            #expect(reason.hasSuffix("is encoded as SQL_ASCII and not as UTF8"))
        }
    }
}

/// What a transaction costs.
@Suite(.timeLimit(.minutes(5)), .enabled(if: TestServer.isPresent, "HMS_TEST_POSTGRES names no server")) struct RoundTripTests {
    @Test func `a transaction costs a round trip for each statement that is asked for something, and one`() async throws {
        try await withSession { session in
            try write(session) { transaction in
                for number in 0..<5 {
                    try transaction.enqueue("INSERT INTO patients (id, name) VALUES (?, 'Ada')", [.text("pat_\(number)")])
                }
            }
            let before = session.connection.roundTrips
            try write(session) { transaction in
                for number in 5..<10 {
                    try transaction.enqueue("INSERT INTO patients (id, name) VALUES (?, 'Ada')", [.text("pat_\(number)")])
                }
            }
            #expect(session.connection.roundTrips - before == 1)
            try write(session) { transaction in
                _ = try transaction.exists("SELECT 1 FROM patients WHERE id = ?", ["pat_1"])
                try transaction.enqueue("DELETE FROM patients WHERE id = ?", ["pat_1"])
                try transaction.attempt { _ = try transaction.execute("UPDATE patients SET name = ?", ["Grace"]) }
            }
            #expect(session.connection.roundTrips - before == 1 + 4)
        }
    }

    @Test func `a read of one statement is one round trip and no transaction, once that is known`() async throws {
        try await withSession { session in
            let before = session.connection.roundTrips
            for _ in 0..<3 {
                try session.start(.singleRead)
                _ = try session.hasRow("SELECT 1 FROM patients", [])
                try session.end()
            }
            #expect(session.connection.roundTrips - before == 3)
        }
    }

    private func write(_ session: PostgresSession, _ body: (Transaction) throws -> Void) throws {
        try session.start(.write)
        try body(Transaction(session: session))
        try session.commit()
    }

    private func withSession(_ body: (PostgresSession) throws -> Void) async throws {
        let folder = try TemporaryFolder()
        try await withDatabase(in: folder) { _ in
            let settings = try PostgresSettings(schema: folder.schema)
            try body(PostgresSession(try settings.connect()))
        }
    }
}

@Suite struct PostgresLocationTests {
    @Test func `the schema is taken out of the URL, whatever stands around it`() throws {
        let plain = try PostgresLocation(url: "postgres://h/db", defaultSchema: "patient")
        #expect(plain.connectionURL == "postgres://h/db" && plain.schema == "patient")
        let named = try PostgresLocation(url: "postgres://u:p@h:5,h2:6/db?sslmode=require&schema=other&x=1", defaultSchema: "patient")
        #expect(named.connectionURL == "postgres://u:p@h:5,h2:6/db?sslmode=require&x=1" && named.schema == "other")
        #expect(try PostgresLocation(url: "postgresql://h/db?schema=other", defaultSchema: "patient").connectionURL == "postgresql://h/db")
    }

    @Test func `a URL says how many connections there may be`() throws {
        let location = try PostgresLocation(url: "postgres://h/db?connections=3&schema=s&x=1", defaultSchema: "patient")
        #expect(location.connectionURL == "postgres://h/db?x=1" && location.schema == "s" && location.connections == 3)
        #expect(try DatabaseConfiguration.postgres(url: "postgres://h/db?connections=3", schema: "s").connections == 3)
        #expect(try PostgresLocation(url: "postgres://h/db", defaultSchema: "s").connections == nil)
        for wrong in ["0", "-1", "many", "", "1001"] {
            #expect(throws: StorageError.self) { try PostgresLocation(url: "postgres://h/db?connections=\(wrong)", defaultSchema: "s") }
        }
    }

    @Test(arguments: ["Upper", "a-b", "1st", "a\"b", "", "a b"])
    func `a schema that would have to be quoted is refused`(schema: String) {
        #expect(throws: StorageError.self) { try PostgresLocation(url: "postgres://h/db?schema=\(schema)", defaultSchema: "x") }
    }

    @Test func `neither user nor password is shown`() throws {
        let location = try PostgresLocation(
            url: "postgres://hms:s3cret@h:5432/db?sslmode=require&password=s3cret", defaultSchema: "patient")
        #expect("\(location)" == "postgres://h:5432/db, schema patient")
        #expect(!String(reflecting: location).contains("s3cret"))
        #expect(!String(reflecting: DatabaseConfiguration(location: .postgres(location))).contains("s3cret"))
    }

    @Test(arguments: [
        "postgres://hms:s3cret@127.0.0.1:1/db", "postgres://hms:s3cret@no-such-host.invalid/db", "postgres://hms:s3cret%zz@h/db",
        "postgres://hms:s3cret@h/db?s3cret=1",
    ])
    func `an opening that fails tells no password`(url: String) async throws {
        let error = await storageError { try await Database.open(.postgres(url: url, schema: "any"), schema: [], logger: quiet) }
        #expect(error != nil && !"\(String(describing: error))".contains("s3cret"))
    }
}

@Suite struct PostgresTextTests {
    @Test(arguments: [
        ("SELECT ?, ?", "SELECT $1, $2", 2), ("SELECT '?' || ? || 'it''s ?'", "SELECT '?' || $1 || 'it''s ?'", 1),
        ("SELECT \"a?\" FROM t WHERE b=?", "SELECT \"a?\" FROM t WHERE b=$1", 1), ("SELECT 1 -- ?\n, ?", "SELECT 1 -- ?\n, $1", 1),
        ("SELECT /* ? */ ?", "SELECT /* ? */ $1", 1), ("SELECT 1", "SELECT 1", 0), ("SELECT '", "SELECT '", 0),
    ])
    func `parameters are numbered where they are parameters`(portable: String, sql: String, count: Int) {
        let text = PostgresText(portable)
        #expect(text.sql == sql && text.parameterCount == count)
    }
}
