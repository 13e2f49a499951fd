import ArgumentParser
import Foundation
import HMSTestKit
import ProcessDriving
import Supervision
import Vocabulary

/// `hms-bench overload`
struct OverloadBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "overload",
        abstract: "Asks a hospital for many times what it can do, and measures what becomes of those whom it takes on.",
        discussion: """
            Starts a hospital of its own with the “hms” beside this executable, on embedded SQLite, durable, and lets wrk book \
            (deploy/install-dependencies.sh --bench): a few clients, as many as it takes for the peak, and then many times as many. Who is \
            refused comes again when Retry-After says, or at once with --impatient. Latencies are those of bookings that were made, each \
            request by itself.
            """)

    @Option(help: "Clients who together reach the peak.")
    var clients = 64

    @Option(help: "Clients whom nobody is in the way of.")
    var few = 4

    @Option(help: "How many times as many clients make the overload.")
    var times = 10

    @Option(help: "Length of the overload in seconds.")
    var seconds = 60

    @Option(help: "Length of each measurement before it in seconds.")
    var before = 10

    @Option(help: "More bookings a second than can be made.")
    var most = 16_000

    @Flag(help: "Who is refused asks again at once.")
    var impatient = false

    @Option(help: "The level of the hospital's log.")
    var logLevel = "info"

    func run() async throws {
        let folder = try TemporaryFolder()
        let clock = try MovedClock(path: folder.path + "/clock", at: VisitGround.firstMorning)
        let hospital = try await HospitalProcess.start(
            BuiltExecutables.executable, in: folder, arguments: ["--clock", clock.path, "--log-level", logLevel],
            logFile: folder.path + "/log")
        try await VisitGround.withGround(of: hospital, connections: 8) { ground in
            try await measure(BookingLoad(ground: ground, hospital: hospital, folder: folder, isImpatient: impatient))
        }
        guard try await hospital.stop() == 0 else { throw ExitCode.failure }
    }

    private func measure(_ load: BookingLoad) async throws {
        _ = try await load.run(clients: clients, seconds: 3, perSecond: Double(most))
        let alone = try await load.run(clients: few, seconds: before, perSecond: Double(most))
        let peak = try await load.run(clients: clients, seconds: before, perSecond: Double(most))
        print("\(few) clients: \(Int(alone.perSecond)) bookings/s · \(latencies(of: alone))")
        print("\(clients) clients: \(Int(peak.perSecond)) bookings/s · \(latencies(of: peak))")
        let watch = HospitalWatch()
        let watching = Task { [hospital = load.hospital] in try await watch.run(hospital) }
        let atRest = Self.megabytes(of: load.hospital)
        let over = try await load.run(clients: clients * times, seconds: seconds, perSecond: 1.5 * peak.perSecond + 100)
        let end = ContinuousClock.now
        tell(over, peak, alone)
        let recovery = try await recovery(load, alone, since: end)
        watching.cancel()
        try await watching.value
        tell(watch.sofar, atRest: atRest)
        print(recovery.map { "normal again after \(tenths($0)) s (target ≤ 5 s)" } ?? "not normal again within 30 s (target ≤ 5 s)")
    }

    private func tell(_ over: BookingLoad.Outcome, _ peak: BookingLoad.Outcome, _ alone: BookingLoad.Outcome) {
        print("\(clients * times) clients for \(Int(over.seconds)) s: \(Int(over.perSecond)) bookings/s · \(latencies(of: over))")
        print("  goodput \(Int(100 * over.perSecond / peak.perSecond)) % of the peak (target ≥ 80 %)")
        print(
            "  p99 of what was booked \(tenths(over.p99 / alone.p99)) × that of \(few) clients (target ≤ 2 ×), "
                + "\(tenths(over.p99 / peak.p99)) × that of \(clients)")
        print("  refused \(Int(Double(over.refused) / over.seconds))/s, failed \(over.failed), not answered \(over.broken)")
    }

    private func tell(_ seen: HospitalWatch.Seen, atRest: Double) {
        print("  memory of the hospital (RSS): \(Int(atRest)) MB before, at most \(Int(seen.memory)) MB")
        print(
            "  health: \(seen.answered) of \(seen.asked) probes answered 200, the slowest after \(Int(seen.slowest / .milliseconds(1))) ms")
    }

    /// Seconds until a second begins in which a few clients are served as before: no refusal, and a p99 within twice the usual.
    private func recovery(_ load: BookingLoad, _ alone: BookingLoad.Outcome, since end: ContinuousClock.Instant) async throws -> Double? {
        while ContinuousClock.now - end < .seconds(30) {
            let begin = (ContinuousClock.now - end) / .seconds(1)
            let now = try await load.run(clients: few, seconds: 1, perSecond: 4 * alone.perSecond + 100)
            if now.refused + now.failed + now.broken == 0, now.p99 <= 2 * alone.p99 { return begin }
        }
        return nil
    }

    private func latencies(of outcome: BookingLoad.Outcome) -> String {
        "p50 \(tenths(outcome.p50 / 1_000)) ms, p99 \(tenths(outcome.p99 / 1_000)) ms"
    }

    private func tenths(_ value: Double) -> String { String((value * 10).rounded() / 10) }

    private static func megabytes(of hospital: HospitalProcess) -> Double {
        ProcessUsage.family(of: hospital.pid).compactMap { ProcessUsage.residentMegabytes(of: $0) }.reduce(0, +)
    }
}
