import Foundation
import ProcessDriving
import Testing

/// The rules that wake somebody up, and what he then reads.
@Suite(.timeLimit(.minutes(10))) struct RuleTests {
    @Test func `every alert has its section in the runbooks, and every section its alert`() throws {
        let alerts = try Observability.alerts()
        #expect(alerts.count > 15 && Set(alerts).count == alerts.count)
        let sections = try Observability.file("runbooks.md").split(separator: "\n").filter { $0.hasPrefix("## ") }.map {
            String($0.dropFirst(3))
        }
        #expect(sections == alerts)
    }

    @Test func `every alert says how urgent it is, what it means and what to do`() throws {
        let rules = try Observability.file("alerts.yml").split(separator: "- alert: ").dropFirst()
        for rule in rules {
            let name = rule.prefix { $0 != "\n" }
            for word in [
                "severity: ", "summary: ", "meaning: ", "action: ", "runbook: deploy/observability/runbooks.md#\(name.lowercased())",
            ] {
                #expect(rule.contains(word), "\(name) has no \(word)")
            }
            #expect(rule.contains("severity: page") || rule.contains("severity: ticket"))
        }
    }

    @Test(.enabled(if: PrometheusServer.isThere, "it needs Debian's prometheus"))
    func `rules are understood, fire when they should, and not when they should not`() async throws {
        let folder = Observability.folder.path
        for arguments in [
            ["check", "rules", "\(folder)/alerts.yml", "\(folder)/recording-rules.yml"],
            ["test", "rules", "\(folder)/rule-tests.yml", "\(folder)/week-tests.yml"],
            ["check", "config", "--syntax-only", "\(folder)/prometheus.yml"],
        ] {
            let run = try await CommandRun("/usr/bin/promtool", arguments)
            #expect(run.status == 0, "\(run.output)")
        }
    }
}
