import Foundation
import Logging
import Storage
import Synchronization

/// Storage on PostgreSQL, and pgbench with the same statements on the same server, taking turns.
struct PostgresContest {
    let url: String
    let clients: Int
    let connections: Int
    let seconds: Int

    private static let schemaName = "hms_bench"

    func run(rounds: Int) async throws -> String {
        var configuration = try DatabaseConfiguration.postgres(url: url, schema: Self.schemaName)
        configuration.connections = connections
        let schema: Schema = [
            Migration(version: 1, name: "rows", sql: benchTable + "; CREATE SEQUENCE bench_ids START 1000000")
        ]
        let logger = Logger(label: "bench") { StreamLogHandler.standardError(label: $0) }
        let database = try await Database.open(configuration, schema: schema, logger: logger)
        let pgbench = PgBench(url: url, schema: Self.schemaName, connections: connections, seconds: seconds)
        var (writes, floorWrites, reads, floorReads) = (Rounds(), Rounds(), Rounds(), Rounds())
        for round in 0..<max(2, rounds) {
            let measured = [
                try await write(database), try pgbench.rate(PgBench.insert), try await read(database), try pgbench.rate(PgBench.select),
            ]
            if round == 0 { continue }
            writes.add(measured[0])
            floorWrites.add(measured[1])
            reads.add(measured[2])
            floorReads.add(measured[3])
        }
        try await database.write { try $0.execute("DROP SCHEMA \(Self.schemaName) CASCADE") }
        await database.close()
        return """
            PostgreSQL, \(clients) clients over \(connections) connections, pgbench with \(connections) clients; per second, median (min–max)
              durable writes of a row   Storage \(writes.summary)   pgbench \(floorWrites.summary)   ratio \(ratio(writes, floorWrites))
              reads by key              Storage \(reads.summary)   pgbench \(floorReads.summary)   ratio \(ratio(reads, floorReads))
            """
    }

    private func ratio(_ ours: Rounds, _ floor: Rounds) -> String { String(format: "%.2f", ours.median / floor.median) }

    /// One row and one commit each.
    private func write(_ database: Database) async throws -> Double {
        let start = UInt64.random(in: 0...UInt64(UInt32.max))
        return try await repeated { client, number in
            let id = SQLValue.text("row_\(start)_\(number)_\(client)")
            try await database.write { try $0.enqueue(benchInsert, [id, .text(benchPayload)]) }
        }
    }

    private func read(_ database: Database) async throws -> Double {
        try await database.write { transaction in
            for number in 0..<1_000 {
                try transaction.enqueue(benchInsert + " ON CONFLICT DO NOTHING", [.text("row_\(number)"), .text(benchPayload)])
            }
        }
        return try await repeated { client, number in
            let id = SQLValue.text("row_\((client * 31 + number) % 1_000)")
            _ = try await database.read { try $0.row(benchSelect, [id]) { $0.text(0) } }
        }
    }

    /// How often a second all clients together get through `work`.
    private func repeated(_ work: @escaping @Sendable (_ client: Int, _ number: Int) async throws -> Void) async throws -> Double {
        let start = ContinuousClock.now
        let end = start + .seconds(seconds)
        let count = try await withThrowingTaskGroup(of: Int.self) { group in
            for client in 0..<clients {
                group.addTask {
                    var number = 0
                    while .now < end {
                        try await work(client, number)
                        number += 1
                    }
                    return number
                }
            }
            return try await group.reduce(0, +)
        }
        return Double(count) / ((.now - start) / .seconds(1))
    }
}

/// PostgreSQL's own load generator: the same statements, prepared, without a program around them.
struct PgBench {
    let url: String
    let schema: String
    let connections: Int
    let seconds: Int

    static let insert = "INSERT INTO rows (id, payload) VALUES ('pgb_' || nextval('bench_ids'), '\(benchPayload)');"
    static let select = "\\set n random(0, 999)\nSELECT payload FROM rows WHERE id = 'row_' || :n;"

    struct Failure: Error { let output: String }

    /// An alarm ends pgbench, and a child inherits what its parent's thread blocks: those of tasks block every signal.
    private static func letAlarmsThrough() {
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGALRM)
        pthread_sigmask(SIG_UNBLOCK, &signals, nil)
    }

    /// Transactions a second. One that met another is tried again.
    ///
    /// - Parameters:
    ///   - variables: that the script uses.
    ///   - transactions: of all clients; nil: as many as there are in ``seconds``.
    func rate(_ script: String, _ variables: [String: String] = [:], transactions: Int? = nil) throws -> Double {
        let file = NSTemporaryDirectory() + "/hms-pgbench-\(UUID().uuidString).sql"
        try script.write(toFile: file, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(atPath: file) }
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments =
            [
                "pgbench", "--no-vacuum", "--protocol=prepared", "--client=\(connections)", "--jobs=2", "--file=\(file)",
                "--max-tries=40", transactions.map { "--transactions=\($0 / connections)" } ?? "--time=\(seconds)",
            ] + variables.map { "--define=\($0.key)=\($0.value)" } + [
                url + (url.contains("?") ? "&" : "?") + "options=-csearch_path%3D\(schema)"
            ]
        let pipe = Pipe()
        process.standardOutput = pipe
        Self.letAlarmsThrough()
        try process.run()
        let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        guard let tps = output.firstMatch(of: /tps = ([0-9.]+)/), let rate = Double(tps.1) else { throw Failure(output: output) }
        return rate
    }
}
