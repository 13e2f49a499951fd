import AsyncHTTPClient
import HMSTestKit
import HospitalClient
import NIOCore
import NIOHTTP1
import ProcessDriving
import ServiceKit
import Supervision
import Synchronization
import Testing

/// Whoever was answered is in the audit, though the service be killed the next moment.
@Suite(.timeLimit(.minutes(10))) struct AuditKillTests {
    @Test(arguments: ["buffered", "durable"])
    func `of reads that were answered while a service was killed none is missing`(setting: String) async throws {
        let folder = try TemporaryFolder()
        let hospital = try await HospitalProcess.start(Clinic.executable, in: folder, environment: ["HMS_AUDIT_READS": setting])
        let token = try hospital.data.token(subject: "anna", role: .reception, lifetime: .seconds(3_600))
        var answered: Set<String> = []
        try await HTTPClient.withHospitalClient { http in
            for round in 1...4 {
                let answers = Mutex<Set<String>>([])
                try await withThrowingTaskGroup(of: Void.self) { readers in
                    for reader in 1...8 {
                        readers.addTask {
                            for number in 1...200 {
                                let correlationID = "kill-\(round)-\(reader)-\(number)"
                                guard await Self.read(hospital.url, token, correlationID, http) else { continue }
                                _ = answers.withLock { $0.insert(correlationID) }
                            }
                        }
                    }
                    try await eventually("some were answered") { answers.withLock { $0.count > 100 * round } }
                    hospital.kill("appointment")
                    try await readers.waitForAll()
                }
                answered.formUnion(answers.withLock { $0 })
                try await eventually("the service is back") { await Self.read(hospital.url, token, "back-\(round)", http) }
            }
        }
        #expect(answered.count > 1_000)
        try await eventually("all are in the audit") {
            let export = try await CommandRun(Clinic.executable, ["audit", "export", "--actor", "anna", "--data", hospital.data.path])
            return answered.isSubset(of: Set(export.output.matches(of: /kill-\d+-\d+-\d+/).map { String($0.0) }))
        }
        #expect(try await hospital.stop() == 0)
        let verdict = try await CommandRun(Clinic.executable, ["audit", "verify", "--data", hospital.data.path])
        #expect(verdict.status == 0, "\(verdict.output)")
    }

    /// Whether it was answered.
    private static func read(_ url: String, _ token: String, _ correlationID: String, _ http: HTTPClient) async -> Bool {
        var request = HTTPClientRequest(url: url + "/v1/appointments?page_size=1")
        request.headers = HTTPHeaders([("authorization", "Bearer \(token)"), ("x-correlation-id", correlationID)])
        // Who is not answered because the service is gone is none of those that are looked for.
        guard let response = try? await http.execute(request, timeout: .seconds(30)) else { return false }
        return response.status == .ok
    }
}
