import ArgumentParser
import Foundation
import HospitalClient
import Supervision

/// `hms metrics`
struct MetricsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "metrics", abstract: "Prints the metrics of every process of a running hospital, as one text.",
        discussion: """
            Each series has the labels service and replica. The format is Prometheus' text format. A process that does not answer \
            is left out with a remark, and the status is 1.

            EXAMPLES
              hms metrics
              hms metrics --data /srv/clinic | grep hms_appointments
            """)

    @OptionGroup var data: DataOption

    func run() async throws {
        let targets = try data.folder().metricsTargets()
        guard !targets.isEmpty else {
            Output.remark("The hospital tells no metrics: it was started with --metrics-listen none.")
            throw ExitCode(1)
        }
        var whole = CombinedMetrics()
        var isWhole = true
        for target in targets {
            do {
                whole.add(try await MetricsReading.text(at: target.address), of: target)
            } catch {
                Output.remark("\(target.process) at \(target.address) does not answer: \(error)")
                isWhole = false
            }
        }
        try Output.deliver(whole.text)
        if !isWhole { throw ExitCode(1) }
    }
}
