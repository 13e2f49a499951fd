import Foundation
import HMSTestKit
import ServiceKit
import Testing

/// The plan that PostgreSQL makes of every statement that SQLite's books hold, on tables of which statistics are known.
///
/// It is the plan for any values (`force_generic_plan`), which a connection takes once it has run a statement a few times.
@Suite(.enabled(if: !TestHospital.isOnSQLite, "HMS_TEST_POSTGRES names no server"), .serialized, .timeLimit(.minutes(10)))
struct PostgresPlanTests {
    @Test(arguments: PlanBooks.names)
    func `every statement has the plan that was judged`(book: String) async throws {
        let service = book == "storage" ? "appointment" : book
        let hospital = try TestHospital { $0.audit = .all }
        let definition = try #require(BusyHospital.definitions.first { $0.name == service })
        let assembly = try await hospital.open(ServiceDefinition(name: service, schema: definition.schema) { _ in [] })
        let text = try PostgresPlans(at: #require(hospital.configuration.databases.own[service]), seededAs: service).book(book)
        await assembly.close()
        withExtendedLifetime(hospital) {}
        if ProcessInfo.processInfo.environment["HMS_WRITE_PLANS"] != nil { try PlanBooks.write(text, "Postgres/\(book)") }
        let judged = try PlanBooks.judged("Postgres/\(book)")
        let changed = Set(text.split(separator: "\n")).symmetricDifference(judged.split(separator: "\n"))
        #expect(text == judged, "plans of \(book) have changed; look at what `make plans-postgres` makes of them: \(changed.sorted())")
    }

    @Test func `no statement reads a whole table or a whole index, but those of which it is known why`() throws {
        var met: Set<String> = []
        for book in PlanBooks.names {
            for (statement, steps) in try PlanBooks.statements("Postgres/\(book)") {
                for (index, step) in steps.enumerated() where Self.readsAll(step, before: steps.dropFirst(index + 1).first) {
                    let known = Self.known.filter { statement.contains($0.statement) }
                    #expect(!known.isEmpty, "\(book): \(step) of \(statement)")
                    met.formUnion(known.map(\.statement))
                }
            }
        }
        #expect(met == Set(Self.known.map(\.statement)), "what is known is met")
    }

    /// A step over an index says below it how it finds its rows.
    private static func readsAll(_ step: String, before next: String?) -> Bool {
        if step.contains("Seq Scan") { return true }
        return step.contains(/Index (Only )?Scan/) && next?.contains("Index Cond") != true
    }

    private static let known: [(statement: String, why: String)] = [
        ("DELETE FROM announcements WHERE seq IN", "500 of 25,000 rows; of 100,000 they are found one by one"),
        ("DELETE FROM notifications WHERE seq IN", "500 of 25,000 rows; of 100,000 they are found one by one"),
        ("DELETE FROM webhook_deliveries WHERE seq IN", "500 of 25,000 rows; of 100,000 they are found one by one"),
        ("FROM webhooks", "a hospital has 200 webhooks at most"),
        ("SELECT doctor_id, department FROM doctor_department", "once, when a new program folds texts otherwise"),
        ("SELECT a.sequence FROM hms_audit a", "all that was never sealed, asked by a command where the chain leaves out many numbers"),
        ("DELETE FROM hms_audit WHERE sequence IN", "a thousand of few thousand rows"),
        ("FROM hms_outbox_dead GROUP BY subscriber", "few events were given up"),
        ("FROM hms_idempotency WHERE position", "some patient in a month is forgotten, in all that was answered"),
        ("FROM hms_forgotten WHERE stage < 2", "those who were forgotten in the last minutes, which an index holds that nobody else is in"),
        ("FROM hms_forgotten ORDER BY person_id", "a list of everybody who was forgotten"),
        (") AS owed WHERE", "all that is OPEN, which an index holds that nothing else is in"),
    ]
}

/// Asks PostgreSQL for plans, by `psql`: what stands in a service's statements controls no connection.
private struct PostgresPlans {
    private let server: String
    private let schema: String
    private let service: String

    /// - Parameter place: a URL with the schema at its end.
    init(at place: String, seededAs service: String) throws {
        let parts = place.split(separator: "schema=", maxSplits: 1).map(String.init)
        try #require(parts.count == 2)
        (server, schema) = (String(parts[0].dropLast()), parts[1])
        self.service = service
    }

    func book(_ book: String) throws -> String {
        let judged = try PlanBooks.statements(book).map(\.statement).filter { !$0.contains("name_grams") && !$0.contains("hms_migrations") }
            .map { $0.replacing("instr(response, ?)", with: "position(? IN response)") }
        let statements = (judged + (book == "patient" ? Self.ofPostgresAlone : [])).sorted()
        let seeds = SeededTables.sql(of: service).map { $0 + ";" }
        let questions = statements.enumerated().flatMap { Self.questions($1, number: $0) }
        let start = ["SET search_path = \"\(schema)\";", Self.eachTable("ALTER TABLE %I SET (autovacuum_enabled = off)")]
        let script = start + seeds + [Self.eachTable("ANALYZE %I")] + Self.settings + questions
        let plans = try run(script).split(separator: Self.mark)
        try #require(plans.count == statements.count)
        let entries = zip(statements, plans).map { statement, plan in
            ([statement] + plan.split(separator: "\n").map { "    " + $0 }).joined(separator: "\n")
        }
        return ([Self.heading] + entries).joined(separator: "\n") + "\n"
    }

    private static let mark = "== plan\n"

    /// As the connections of the services are set.
    private static let settings = ["SET plan_cache_mode = force_generic_plan;", "SET enable_seqscan = off;", "SET jit = off;"]

    /// The statistics are those of the rows, whatever the server does besides, and whoever else is on it.
    private static func eachTable(_ statement: String) -> String {
        """
        DO $$ DECLARE name text; BEGIN
            FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = current_schema() LOOP
                EXECUTE format('\(statement)', name);
            END LOOP;
        END $$;
        """
    }

    private static func questions(_ statement: String, number: Int) -> [String] {
        let (sql, count) = numbered(statement)
        let values = count == 0 ? "" : "(\(Array(repeating: "NULL", count: count).joined(separator: ", ")))"
        return ["PREPARE plan_\(number) AS \(sql);", "\\echo == plan", "EXPLAIN (COSTS OFF) EXECUTE plan_\(number)\(values);"]
    }

    private func run(_ script: [String]) throws -> String {
        let file = FileManager.default.temporaryDirectory.appending(path: "\(schema)_\(UUID()).sql")
        try script.joined(separator: "\n").write(to: file, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(at: file) }  // What is left in the temporary folder is nobody's.
        let (process, output) = (Process(), Pipe())
        process.executableURL = URL(filePath: "/usr/bin/psql")
        process.arguments = [server, "-qAtX", "--set=ON_ERROR_STOP=1", "--file=\(file.path)"]
        process.standardOutput = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
        return text
    }

    /// With `$1…` where `?` stands outside of texts.
    private static func numbered(_ statement: String) -> (sql: String, count: Int) {
        var count = 0
        var isText = false
        let sql = statement.reduce(into: "") { sql, character in
            if character == "'" { isText.toggle() }
            guard character == "?", !isText else { return sql.append(character) }
            count += 1
            sql += "$\(count)"
        }
        return (sql, count)
    }

    private static let ofPostgresAlone = [
        """
        SELECT seq, patient_id, name, email, phone, dob, allergies, status, created_at, version FROM patients \
        WHERE letter_pairs(name_folded) @> letter_pairs(?) AND seq + 0 <= ? AND name_folded LIKE ? ESCAPE '\\' \
        ORDER BY seq + 0 DESC LIMIT ?
        """
    ]

    private static let heading = """
        -- Every statement with the plan that PostgreSQL 15 makes of it for any values, on tables of 25,000 rows; `make plans-postgres`
        -- rewrites this file.
        """
}
