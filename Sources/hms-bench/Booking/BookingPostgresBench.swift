import ArgumentParser
import Foundation
import ServiceKit
import Storage

/// Bookings on PostgreSQL, pgbench with the same statements on the same server, and bookings on SQLite, taking turns.
struct BookingPostgresBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "booking-postgres",
        abstract: "Books distinct slots on PostgreSQL, beside pgbench with the same statements and beside SQLite.")

    @Option(help: "A PostgreSQL database, postgres://…; it gets schemas, which are dropped at the end.") var database: String
    @Option(help: "pgbench's script of a booking: deploy/postgres/booking.sql.") var script: String
    @Option(help: "Rounds; the first is thrown away.") var rounds = 6
    @Option(help: "Bookings of one round, of each side.") var bookings = 6_000
    @Option(help: "Clients that book at once.") var clients = 64
    @Option(help: "Connections of the appointment service, and clients of pgbench; several are measured one after the other.")
    var connections: [Int] = [8, 16]
    @Option(help: "A folder on the disk to measure.") var folder = NSTemporaryDirectory()

    func run() async throws {
        let path = folder + "/hms-bench-\(getpid())"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let embedded = try await Contestant(HospitalConfiguration(dataFolder: path + "/sqlite"))
        for count in connections { try await measure(count, beside: embedded, path) }
        await embedded.hospital.stop()
    }

    private func measure(_ connections: Int, beside embedded: Contestant, _ path: String) async throws {
        let prefix = "bench_\(getpid())_\(connections)"
        var configuration = HospitalConfiguration(dataFolder: path + "/\(connections)")
        for service in BookingHospital.services {
            configuration.databases.own[service] =
                database + (database.contains("?") ? "&" : "?") + "schema=\(prefix)_\(service)&connections=\(connections)"
        }
        let served = try await Contestant(configuration)
        let pgbench = PgBench(url: database, schema: "\(prefix)_appointment", connections: connections, seconds: 0)
        let statements = try String(contentsOfFile: script, encoding: .utf8)
        var figures = BookingFigures()
        for round in 0..<max(2, rounds) {
            let floor = try pgbench.rate(statements, Self.variables(of: round, clients: connections), transactions: bookings)
            let ours = try await served.round(bookings, clients: clients)
            let sqlite = try await embedded.round(bookings, clients: clients)
            if round > 0 { figures.add(floor, ours, sqlite) }
        }
        let alone = try await served.contest.bookAlone(200)
        print(figures.report(clients: clients, connections: connections, alone: alone))
        let tables = served.hospital.appointment.assembly.resources.database
        for service in BookingHospital.services {
            try await tables.write { try $0.execute("DROP SCHEMA \(prefix)_\(service) CASCADE") }
        }
        await served.hospital.stop()
    }

    /// What the script binds. Each round has days of its own.
    private static func variables(of round: Int, clients: Int) -> [String: String] {
        [
            "first": "\(round * 1_600_000)", "n": "0", "clients": "\(clients)", "zero": "0", "one": "1", "fee": "50000",
            "status": "SCHEDULED", "department": "Cardiology", "correlation": String(repeating: "c", count: 32),
            "payload": "\\x" + String(repeating: "0a", count: 170),
        ]
    }
}

/// A hospital that books as fast as it can.
private struct Contestant {
    let hospital: BookingHospital
    let contest: BookingContest

    init(_ configuration: HospitalConfiguration) async throws {
        let key = try SigningKey.findOrMake(configuration.identity)
        try ServiceKeys.findOrMake(for: Settings.services, configuration.identity)
        let token = try TokenSigner(key: key, configuration.identity).sign(subject: "bench", role: .admin, lifetime: .seconds(24 * 3_600))
        hospital = try await BookingHospital.start(configuration)
        contest = try await BookingContest(hospital, token: token)
    }

    /// Bookings a second, and microseconds of this process's processors for each.
    func round(_ bookings: Int, clients: Int) async throws -> (perSecond: Double, microseconds: Double) {
        let before = ProcessUsage.cpuSeconds(of: ProcessUsage.processID) ?? 0
        let perSecond = try await rate(bookings) { try await contest.book(bookings, clients: clients) }
        let used = (ProcessUsage.cpuSeconds(of: ProcessUsage.processID) ?? 0) - before
        return (perSecond, used * 1_000_000 / Double(bookings))
    }
}

private struct BookingFigures {
    private var floor = Rounds(), ours = Rounds(), ratio = Rounds(), sqlite = Rounds()
    private var processor = Rounds(), sqliteProcessor = Rounds()

    mutating func add(
        _ floor: Double, _ ours: (perSecond: Double, microseconds: Double), _ sqlite: (perSecond: Double, microseconds: Double)
    ) {
        self.floor.add(floor)
        self.ours.add(ours.perSecond)
        ratio.add(ours.perSecond / floor)
        processor.add(ours.microseconds)
        self.sqlite.add(sqlite.perSecond)
        sqliteProcessor.add(sqlite.microseconds)
    }

    func report(clients: Int, connections: Int, alone: Latencies) -> String {
        """
        \(connections) connections, \(clients) clients; bookings a second, median (min–max)
          hospital on PostgreSQL   \(ours.summary)   CPU µs of its processes \(processor.summary)
          pgbench, \(connections) clients       \(floor.summary)
          ratio of the rounds      \(String(format: "%.2f (%.2f–%.2f)", ratio.median, ratio.values.min() ?? 0, ratio.values.max() ?? 0))
          hospital on SQLite       \(sqlite.summary)   CPU µs \(sqliteProcessor.summary)
          one client on PostgreSQL p50 \(Int(alone.percentile(0.5))) µs, p99 \(Int(alone.percentile(0.99)))
        """
    }
}
