import AsyncHTTPClient
import HMSTestKit
import HospitalClient
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
            for round in 1...2 {
                let answers = Answers()
                try await withThrowingTaskGroup(of: Void.self) { readers in
                    for reader in 1...4 {
                        readers.addTask { [url = hospital.url] in
                            var number = 0
                            while !answers.isOver {
                                number += 1
                                let correlationID = "kill-\(round)-\(reader)-\(number)"
                                guard await http.answers(url, token, correlationID) else { continue }
                                answers.insert(correlationID)
                            }
                        }
                    }
                    try await eventually("some were answered") { answers.all.count > 100 * round }
                    hospital.kill("appointment")
                    answers.end()
                    try await readers.waitForAll()
                }
                answered.formUnion(answers.all)
                try await eventually("the service is back") { await http.answers(hospital.url, token, "back-\(round)") }
            }
        }
        #expect(answered.count > 300)
        try await eventually("all are in the audit") {
            let export = try await CommandRun(Clinic.executable, ["audit", "export", "--actor", "anna", "--data", hospital.data.path])
            return answered.isSubset(of: Set(export.output.matches(of: /kill-\d+-\d+-\d+/).map { String($0.0) }))
        }
        #expect(try await hospital.stop() == 0)
        let verdict = try await CommandRun(Clinic.executable, ["audit", "verify", "--data", hospital.data.path])
        #expect(verdict.status == 0, "\(verdict.output)")
    }
}

/// The correlation ids of those who were answered.
private final class Answers: Sendable {
    private let state = Mutex((ids: Set<String>(), isOver: false))

    var all: Set<String> { state.withLock { $0.ids } }
    /// Whether nobody asks any more.
    var isOver: Bool { state.withLock { $0.isOver } }

    func insert(_ id: String) {
        state.withLock { _ = $0.ids.insert(id) }
    }

    func end() {
        state.withLock { $0.isOver = true }
    }
}
