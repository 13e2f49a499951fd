import Foundation
import HMSTestKit
import ProcessDriving
import ServiceKit
import StorageTestKit
import Supervision
import Testing

/// What a hospital on PostgreSQL tells of itself that one on SQLite does not.
@Suite(
    .enabled(if: PrometheusServer.isThere, "it needs Debian's prometheus"),
    .enabled(if: TestServer.isPresent, "HMS_TEST_POSTGRES names no server"), .serialized, .timeLimit(.minutes(10)))
struct PostgresMetricsTests {
    @Test func `a Prometheus that scrapes a hospital on PostgreSQL answers the panels about it, and its metrics are well formed`()
        async throws
    {
        try await TestServer.withOwnDatabase { _, url in
            let folder = try TemporaryFolder()
            let server = [Settings.database.environmentName: url]
            let hospital = try await HospitalProcess.start(Clinic.executable, in: folder, arguments: ["--demo"], environment: server)
            let prometheus = try PrometheusServer(scraping: hospital.data.metricsTargetsPath, rules: ["recording-rules.yml", "alerts.yml"])
            try await eventually("all processes are scraped", within: .seconds(120)) {
                (try? await prometheus.query("up{job=\"hms\"} == 1").count) == 8
            }
            let panels = try Observability.panels().filter(\.isOfPostgres)
            #expect(!panels.isEmpty)
            for panel in panels {
                for query in panel.queries {
                    try await eventually("\(panel.title) has data: \(query)", within: .seconds(60)) {
                        try await !prometheus.query(query).isEmpty
                    }
                }
            }
            // Each service has connections, some of which do nothing; none has a log of its own.
            #expect(try await prometheus.query("sum by (service) (hms_storage_connections) > 0").count == 7)
            #expect(try await prometheus.query("hms_storage_connections{state=\"idle\"}").count == 7)
            #expect(try await prometheus.query("hms_storage_wal_bytes").isEmpty)
            try await eventually("background work is under leases", within: .seconds(60)) {
                try await prometheus.query("count by (service) (hms_lease_held == 1)").count == 7
            }
            try await Self.expectWellFormed(hospital, server)
            #expect(try await hospital.stop() == 0)
        }
    }

    private static func expectWellFormed(_ hospital: HospitalProcess, _ environment: [String: String]) async throws {
        let told = try await CommandRun(Clinic.executable, ["metrics", "--data", hospital.data.path], environment: environment)
        #expect(told.status == 0 && told.output.contains("hms_storage_connections{"))
        let file = hospital.folder.path + "/metrics.txt"
        try told.output.write(toFile: file, atomically: true, encoding: .utf8)
        let check = try await CommandRun("/bin/sh", ["-c", "promtool check metrics < '\(file)' 2>&1"])
        #expect(check.status == 0, "\(check.output)")
    }
}
