import ArgumentParser
import Foundation
import Logging
import Storage

/// Durable writes and reads by key through `Storage`, beside SQLite's C interface with the same batch sizes.
struct StorageBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "storage", abstract: "Durable writes and reads by key, through Storage and through SQLite's C interface.")

    @Option(help: "Rounds; the first is thrown away.") var rounds = 6
    @Option(help: "Rows that one client writes in a round.") var rows = 1_000
    @Option(help: "Rows that many clients write in a round.") var manyRows = 16_000
    @Option(help: "Clients that write at once.") var clients = 64
    @Option(help: "Reads in a round.") var reads = 50_000
    @Option(help: "postgres://…: measures that, beside pgbench.") var database: String?
    @Option(help: "Connections to it.") var connections = 8
    @Option(help: "Seconds of each of its measurements.") var seconds = 3
    @Option(help: "A folder on the disk to measure.") var folder = NSTemporaryDirectory()

    func run() async throws {
        if let database {
            let contest = PostgresContest(url: database, clients: clients, connections: connections, seconds: seconds)
            return print(try await contest.run(rounds: rounds))
        }
        let path = folder + "/hms-bench-\(getpid())"
        defer { try? FileManager.default.removeItem(atPath: path) }
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        let floor = try SQLiteFloor(path: path + "/floor.sqlite")
        let schema: Schema = [Migration(version: 1, name: "rows", sql: benchTable)]
        let logger = Logger(label: "bench") { StreamLogHandler.standardError(label: $0) }
        let database = try await Database.open(.sqlite(path: path + "/storage.sqlite"), schema: schema, logger: logger)
        try await measure(StorageContest(database: database, floor: floor))
        await database.close()
    }

    private func measure(_ contest: StorageContest) async throws {
        var figures = StorageFigures()
        for round in 0..<max(2, rounds) {
            let measured = try await contest.round(rows: rows, manyRows: manyRows, clients: clients, reads: reads)
            if round > 0 { figures.add(measured) }
        }
        print(figures.report(clients: clients))
    }
}

/// One round's figures, all per second but the batch.
struct StorageRound {
    var floorAlone = 0.0, alone = 0.0
    var floorMany = 0.0, many = 0.0, batch = 0.0
    var floorReads = 0.0, inlineReads = 0.0, hoppingReads = 0.0
}

struct StorageFigures {
    private var rounds: [StorageRound] = []

    mutating func add(_ round: StorageRound) { rounds.append(round) }

    func report(clients: Int) -> String {
        """
        durable writes/s (synchronous = FULL), median (min–max)
          one client    C \(text(\.floorAlone))   Storage \(text(\.alone))   ratio \(ratio(\.alone, \.floorAlone))
          \(clients) clients   C \(text(\.floorMany))   Storage \(text(\.many))   ratio \(ratio(\.many, \.floorMany))   rows per commit \(text(\.batch))
        reads by key/s, one client
          C \(text(\.floorReads))   where called \(text(\.inlineReads))   on another thread \(text(\.hoppingReads))
          ratio to C: where called \(ratio(\.inlineReads, \.floorReads)), on another thread \(ratio(\.hoppingReads, \.floorReads))
        """
    }

    private func text(_ value: (StorageRound) -> Double) -> String { all(value).summary }

    /// The median of the rounds' ratios: both sides of one ratio saw the same disk.
    private func ratio(_ ours: (StorageRound) -> Double, _ floor: (StorageRound) -> Double) -> String {
        String(format: "%.2f", all { ours($0) / floor($0) }.median)
    }

    private func all(_ value: (StorageRound) -> Double) -> Rounds {
        rounds.reduce(into: Rounds()) { $0.add(value($1)) }
    }
}
