import AppointmentService
import ArgumentParser
import DoctorService
import Foundation
import Logging
import MetricsRegistry
import PatientService
import RPC
import ServiceKit

/// Bookings over RPC: two peers asked over sockets, the rules, a durable commit with its event; all in this process.
struct BookingBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "booking", abstract: "Books distinct slots through the appointment, patient and doctor service as the table grows.")

    @Option(help: "Numbers of appointments at which to measure, ascending.") var sizes = [10_000, 100_000, 1_000_000]
    @Option(help: "Rounds at every size; the first is thrown away.") var rounds = 6
    @Option(help: "Bookings of one round.") var bookings = 4_000
    @Option(help: "Clients that book at once.") var clients = 64
    @Option(help: "Bookings of one client alone, at every size.") var alone = 300
    @Option(help: "A folder on the disk to measure.") var folder = NSTemporaryDirectory()
    @Option(help: "A PostgreSQL database to measure instead, postgres://…; it gets a schema for each service.") var database: String?
    @Option(help: "A file for the picture of the growth (SVG).") var picture: String?

    func run() async throws {
        let path = folder + "/hms-bench-\(getpid())"
        defer { try? FileManager.default.removeItem(atPath: path) }
        var configuration = HospitalConfiguration(dataFolder: path)
        configuration.databases.all = database
        let key = try SigningKey.findOrMake(configuration.identity)
        try ServiceKeys.findOrMake(for: Settings.services, configuration.identity)
        let token = try TokenSigner(key: key, configuration.identity).sign(
            subject: "bench", role: .admin, lifetime: .seconds(24 * 3_600))
        let hospital = try await BookingHospital.start(configuration)
        let contest = try await BookingContest(hospital, token: token)
        let table = FilledTable(database: hospital.appointment.assembly.resources.database)
        var points: [(size: Int, perSecond: Double)] = []
        for size in sizes {
            try await contest.fill(table, upTo: size)
            points.append((size, try await measure(contest)))
        }
        await hospital.stop()
        if let picture { try GrowthPicture(points: points).svg.write(toFile: picture, atomically: true, encoding: .utf8) }
    }

    /// The median of bookings a second.
    private func measure(_ contest: BookingContest) async throws -> Double {
        let size = contest.count
        var rates = Rounds()
        var processorMicroseconds = Rounds()
        for round in 0..<max(2, rounds) {
            let before = ProcessUsage.cpuSeconds(of: ProcessUsage.processID) ?? 0
            let perSecond = try await rate(bookings) { try await contest.book(bookings, clients: clients) }
            guard round > 0 else { continue }
            rates.add(perSecond)
            let used = (ProcessUsage.cpuSeconds(of: ProcessUsage.processID) ?? 0) - before
            processorMicroseconds.add(used * 1_000_000 / Double(bookings))
        }
        print("\(size) appointments, \(clients) clients: bookings/s \(rates.summary) · CPU µs \(processorMicroseconds.summary)")
        let latencies = try await contest.bookAlone(alone)
        print("  one client: p50 \(Int(latencies.percentile(0.5))) µs, p99 \(Int(latencies.percentile(0.99)))")
        return rates.median
    }
}

/// The three services that a booking needs, each on a port of its own.
struct BookingHospital {
    static let services = ["patient", "doctor", "appointment"]

    let appointment: ServiceHost
    private let patient: ServiceHost
    private let doctor: ServiceHost

    /// - Parameter metrics: where all of them count.
    static func start(_ configuration: HospitalConfiguration, metrics: Metrics = .ofProcess()) async throws -> BookingHospital {
        let options = HostOptions(logger: Logger(label: "bench") { _ in SwiftLogNoOpLogHandler() }, metrics: metrics)
        let patient = try await ServiceHost.start(.patient, configuration, options: options)
        let doctor = try await ServiceHost.start(.doctor, configuration, options: options)
        var informed = configuration
        informed.peers = [
            "patient": [NetworkAddress(host: patient.address.host, port: patient.address.port)],
            "doctor": [NetworkAddress(host: doctor.address.host, port: doctor.address.port)],
        ]
        let appointment = try await ServiceHost.start(.appointment, informed, options: options)
        return BookingHospital(appointment: appointment, patient: patient, doctor: doctor)
    }

    /// Ways to the services, in their order: patient, doctor, appointment.
    var channels: [any RPCChannel] {
        [patient, doctor, appointment].map { host in
            var options = RPCClientOptions()
            options.connections = .onePerEventLoop
            return RPCClient(addresses: [host.address], options: options, logger: Logger(label: "bench") { _ in SwiftLogNoOpLogHandler() })
        }
    }

    func stop() async {
        for host in [appointment, doctor, patient] { await host.stop() }
    }
}
