import ArgumentParser
import Foundation
import HMSTestKit

/// `hms-bench chaos`
struct ChaosBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "chaos",
        abstract: "Kills the patient service while many clients create and read patients.",
        discussion: """
            Starts a hospital of its own with the “hms” beside this executable. Fails where a creation that was answered with \
            201 is gone afterwards, or a client saw anything but success, 503, 504 or a timeout.
            """)

    @Option(help: "Clients at the same time.")
    var clients = 200

    @Option(help: "How long they go on.")
    var seconds = 60

    @Option(help: "How often the service is killed, evenly over the time.")
    var kills = 3

    func run() async throws {
        let folder = try TemporaryFolder()
        let own = Bundle.main.executablePath ?? CommandLine.arguments[0]
        let executable = URL(fileURLWithPath: own).deletingLastPathComponent().path + "/hms"
        let hospital = try await HospitalProcess.start(executable, in: folder)
        let report = try await Chaos(clients: clients, duration: .seconds(seconds), kills: kills).run(against: hospital)
        let status = try await hospital.stop()
        show(report, exitStatus: status)
        guard report.lost.isEmpty, report.unexpected.isEmpty, status == 0 else { throw ExitCode.failure }
    }

    private func show(_ report: Chaos.Report, exitStatus: Int32) {
        print("\(clients) clients, \(seconds) s, \(kills) kills")
        for (outcome, count) in report.outcomes.sorted(by: { $0.key < $1.key }) { print("  \(outcome): \(count)") }
        print("acknowledged creations: \(report.acknowledged.count), lost: \(report.lost.count)")
        print("back after: \(report.backAfter.map { "\(Int($0 / .milliseconds(1))) ms" }.joined(separator: ", "))")
        print("unexpected answers: \(report.unexpected.values.reduce(0, +)), exit status: \(exitStatus)")
    }
}
