import Foundation
import ServiceKit
import Testing

@testable import Supervision

@Suite struct CombinedMetricsTests {
    private static let patient = MetricsTarget(process: "patient", address: NetworkAddress(host: "127.0.0.1", port: 9_100))
    private static let second = MetricsTarget(process: "patient.2", address: NetworkAddress(host: "::1", port: 9_101))

    @Test func `several processes make one text, in which every series says whose it is`() {
        var whole = CombinedMetrics()
        whole.add("# HELP b_total B.\n# TYPE b_total counter\nb_total 3\n", of: Self.patient)
        whole.add(
            "# HELP a A.\n# TYPE a gauge\na{x=\"1 {2}\"} 1\n# HELP b_total B.\n# TYPE b_total counter\nb_total 4\n", of: Self.second)
        #expect(
            whole.text == """
                # HELP a A.
                # TYPE a gauge
                a{service="patient",replica="2",x="1 {2}"} 1
                # HELP b_total B.
                # TYPE b_total counter
                b_total{service="patient",replica="1"} 3
                b_total{service="patient",replica="2"} 4
                """)
    }

    @Test func `what a Prometheus is told of the processes is read back as it was`() throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "targets-\(UUID()).json").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        try MetricsTarget.write([Self.patient, Self.second], to: path)
        #expect(try MetricsTarget.read(path) == [Self.patient, Self.second])
        #expect(try String(contentsOfFile: path, encoding: .utf8).contains("\"[::1]:9101\""))
    }
}
