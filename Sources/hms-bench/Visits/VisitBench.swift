import ArgumentParser
import Foundation
import HMSTestKit
import ProcessDriving
import Supervision
import Vocabulary

/// `hms-bench visits`
struct VisitBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "visits",
        abstract: "Books over REST, and measures how long after a visit its bill is there.",
        discussion: """
            Starts a hospital of its own with the “hms” beside this executable. Every booking is of another slot. Memory is of all \
            processes of the hospital together, at rest and right after the last round.
            """)

    @Option(help: "Clients at the same time.")
    var clients = 64

    @Option(help: "Rounds; the first is thrown away.")
    var rounds = 6

    @Option(help: "Bookings of one round.")
    var bookings = 4_000

    @Option(help: "Bookings of one client on his own.")
    var single = 500

    @Option(help: "Visits whose bill is waited for.")
    var visits = 200

    @Option(help: "What is logged while it is measured.")
    var logLevel = "info"

    @Flag(help: "Everybody has an e-mail address, and letters are written.")
    var letters = false

    func run() async throws {
        let folder = try TemporaryFolder()
        let clock = try MovedClock(path: folder.path + "/clock", at: VisitGround.firstMorning)
        let hospital = try await HospitalProcess.start(
            BuiltExecutables.executable, in: folder, arguments: ["--clock", clock.path], environment: ["HMS_LOG_LEVEL": logLevel])
        try await VisitGround.withGround(of: hospital, connections: clients + 8, withAddresses: letters) { ground in
            let atRest = Self.megabytes(of: hospital)
            let early = try await ground.book(visits, clients: 8)
            try await measureMany(ground, hospital)
            try await measureOne(ground)
            print("memory of the hospital: at rest \(Int(atRest)) MB, after the rounds \(Int(Self.megabytes(of: hospital))) MB")
            try await measureBills(ground, early.ids, clock)
        }
        guard try await hospital.stop() == 0 else { throw ExitCode.failure }
    }

    private func measureMany(_ ground: VisitGround, _ hospital: HospitalProcess) async throws {
        var rates = Rounds()
        var p50 = Rounds()
        var p99 = Rounds()
        var processorMicroseconds = Rounds()
        for round in 0..<rounds {
            let before = Self.cpuSeconds(of: hospital)
            let result = try await ground.book(bookings, clients: clients)
            // What a booking brings about goes on for a moment.
            try await Task.sleep(for: .milliseconds(1_500))
            guard round > 0 else { continue }
            processorMicroseconds.add((Self.cpuSeconds(of: hospital) - before) * 1_000_000 / Double(bookings))
            rates.add(Double(result.ids.count) / result.seconds)
            p50.add(result.latencies.percentile(0.5))
            p99.add(result.latencies.percentile(0.99))
        }
        print("\(clients) clients: bookings/s \(rates.summary) · p50 \(p50.summary) µs · p99 \(p99.summary) µs")
        print("  CPU of all processes, announcements too: \(processorMicroseconds.summary) µs a booking")
    }

    private func measureOne(_ ground: VisitGround) async throws {
        let result = try await ground.book(single, clients: 1)
        print("1 client: p50 \(Int(result.latencies.percentile(0.5))) µs · p99 \(Int(result.latencies.percentile(0.99))) µs")
    }

    private func measureBills(_ ground: VisitGround, _ visits: [VisitGround.Booked], _ clock: MovedClock) async throws {
        try clock.advance(by: .days(1))
        let latencies = try await ground.completeAndAwaitBills(visits)
        print("from completion to bill: p50 \(Int(latencies.percentile(0.5))) µs · p99 \(Int(latencies.percentile(0.99))) µs")
    }

    private static func cpuSeconds(of hospital: HospitalProcess) -> Double {
        (Array(hospital.processes.values) + [hospital.pid]).compactMap { ProcessUsage.cpuSeconds(of: $0) }.reduce(0, +)
    }

    private static func megabytes(of hospital: HospitalProcess) -> Double {
        (Array(hospital.processes.values) + [hospital.pid]).compactMap { ProcessUsage.residentMegabytes(of: $0) }.reduce(0, +)
    }
}
