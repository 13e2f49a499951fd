import ArgumentParser
import Foundation
import HMSTestKit
import HospitalCommand
import ServiceKit

/// `hms-bench chaos`
struct ChaosBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "chaos",
        abstract: "Kills every service again and again while many clients do everything that a hospital is for.",
        discussion: """
            Starts a hospital of its own with the “hms” beside this executable, on a clock that runs fast. Fails where a write \
            that was acknowledged is gone or undone afterwards, where a client saw anything but success, a rule's refusal, 503, \
            504 or a timeout, or where “hms check” finds anything.
            """)

    @Option(help: "Clients at the same time.")
    var clients = 64

    @Option(help: "How long they go on.")
    var seconds = 600

    @Option(help: "How often each service is killed, evenly over the time.")
    var kills = 10

    func run() async throws {
        let own = OwnHospital()
        let folder = try TemporaryFolder()
        let clock = try MovedClock(path: folder.path + "/clock", at: HospitalClock.system.now())
        let hospital = try await HospitalProcess.start(
            own.executable, in: folder, arguments: ["--clock", clock.path],
            environment: ["HMS_PAYMENT_PROVIDER": "sandbox", "HMS_PAYMENT_SWEEP_AFTER": "2s", "HMS_LOG_LEVEL": "info"])
        let chaos = Chaos(clients: clients, duration: .seconds(seconds), killsOfEach: kills)
        let report = try await chaos.run(against: hospital, clock: clock)
        show(report)
        let isSound = try await own.check(hospital)
        let status = try await hospital.stop()
        let isSoundAtRest = try await own.check(hospital)
        print("exit status: \(status)")
        guard report.lost.isEmpty, report.unexpected.isEmpty, status == 0, isSound, isSoundAtRest else { throw ExitCode.failure }
    }

    private func show(_ report: Chaos.Report) {
        print("\(clients) clients, \(seconds) s, each service killed \(kills) times")
        for (outcome, count) in report.outcomes.sorted(by: { $0.value > $1.value }) { print("  \(outcome): \(count)") }
        print("acknowledged writes: \(report.acknowledged), lost: \(report.lost.count)")
        for lost in report.lost.prefix(20) { print("  \(lost)") }
        let back = report.backAfter.map { Int($0 / .milliseconds(1)) }.sorted()
        print("kills: \(back.count), back after: median \(back.dropFirst(back.count / 2).first ?? 0) ms, longest \(back.last ?? 0) ms")
        print("unexpected answers: \(report.unexpected)")
    }
}

/// The hospital that is built beside this executable.
struct OwnHospital {
    let executable: String

    init() {
        let own = Bundle.main.executablePath ?? CommandLine.arguments[0]
        executable = URL(fileURLWithPath: own).deletingLastPathComponent().path + "/hms"
    }

    /// What `hms check` says, printed; whether nothing is broken.
    func check(_ hospital: HospitalProcess) async throws -> Bool {
        let check = try await CommandRun(executable, ["check", "--data", hospital.data.path])
        print(check.output)
        return check.status == 0
    }
}
