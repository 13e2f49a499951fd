import AsyncHTTPClient
import Foundation
import HMSTestKit
import HospitalClient
import PlainText
import ProcessDriving
import ServiceKit
import Storage
import StorageTestKit
import Supervision
import Testing
import Vocabulary

/// `hms copy`, as it is used: on a whole hospital, from its data folder to a server and back.
@Suite(.enabled(if: TestServer.isPresent, "HMS_TEST_POSTGRES names no server"), .timeLimit(.minutes(10))) struct CopyEndToEndTests {
    @Test func `a hospital moves to PostgreSQL and back, and answers everywhere as it did`() async throws {
        let now = try #require(Instant(rfc3339: "2026-03-16T15:00:00+05:30"))
        let folder = try TemporaryFolder()
        let clock = ["--clock", try MovedClock(path: folder.path + "/clock", at: now).path]
        let demo = try await HospitalProcess.start(Clinic.executable, in: folder, arguments: ["--demo"] + clock)
        #expect(try await demo.stop() == 0)
        let (first, said) = try await Self.answersAtRest(at: now) {
            try await HospitalProcess.start(Clinic.executable, in: folder, arguments: clock)
        }

        try await TestServer.withOwnDatabase { _, url in
            let there = try await Self.copy(from: "sqlite:\(first.data.path)", to: url)
            let backFolder = try TemporaryFolder()
            let back = try await Self.copy(from: url, to: "sqlite:\(backFolder.path)/var")
            #expect(there == back && there.hasSuffix("done: both sides are the same\n"), "\(there) and back: \(back)")
            #expect(try await Self.isRefused(from: "sqlite:\(first.data.path)", to: url))

            let server = [Settings.database.environmentName: url]
            let served = try await HospitalProcess.start(Clinic.executable, in: folder, arguments: clock, environment: server)
            for (answer, before) in zip(try await Self.answers(of: served), said) { #expect(answer == before) }
            #expect(try await served.stop() == 0)
            let check = try await BuiltExecutables.check(served, environment: server)
            #expect(check.status == 0, "\(check.output)")

            let returned = try await HospitalProcess.start(Clinic.executable, in: backFolder, arguments: clock)
            for (answer, before) in zip(try await Self.answers(of: returned), said) { #expect(answer == before) }
            #expect(try await returned.stop() == 0)
            let last = try await BuiltExecutables.check(returned)
            #expect(last.status == 0, "\(last.output)")
        }
    }

    @Test func `a place without a hospital is no empty hospital`() async throws {
        let folder = try TemporaryFolder()
        try await TestServer.withOwnDatabase { _, url in
            let isFolderRefused = try await Self.isRefused(from: "sqlite:\(folder.path)/misspelt", to: url)
            let isServerRefused = try await Self.isRefused(from: url, to: "sqlite:\(folder.path)/var")
            #expect(isFolderRefused && isServerRefused)
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    }

    private static func copy(from source: String, to target: String) async throws -> String {
        let run = try await CommandRun(Clinic.executable, ["copy", "--from", source, "--to", target])
        #expect(run.status == 0, "\(run.output)")
        return run.output
    }

    private static func isRefused(from source: String, to target: String) async throws -> Bool {
        try await CommandRun(Clinic.executable, ["copy", "--from", source, "--to", target]).status != 0
    }

    /// What a hospital answers that has nothing on its way any more, so that another start changes nothing. Its clock stands.
    private static func answersAtRest(
        at now: Instant, _ start: () async throws -> HospitalProcess
    ) async throws -> (HospitalProcess, [String]) {
        var before: [String] = []
        while true {
            let hospital = try await start()
            try await eventually("what was under way has arrived") { try await BuiltExecutables.check(hospital).status == 0 }
            let said = try await answers(of: hospital)
            #expect(try await hospital.stop() == 0)
            if said == before, try !hasLetterUnderWay(hospital, at: now) { return (hospital, said) }
            before = said
        }
    }

    private static func hasLetterUnderWay(_ hospital: HospitalProcess, at now: Instant) throws -> Bool {
        let files = try DatabaseFiles(["notification": hospital.data.path + "/notification/notification.sqlite"], held: true)
        let isUnderWay = try files.read { reader in
            let isUnsent = try reader.exists("SELECT 1 FROM notification.notifications WHERE status = 'PENDING'")
            let due = "SELECT 1 FROM notification.announcements WHERE status = 'WAITING' AND due_at <= ?"
            return try isUnsent || reader.exists(due, [.integer(now.millisecondsSinceEpoch)])
        }
        try files.close()
        return isUnderWay
    }

    /// The lists and reports of the public API, one text each. The token of a next page is of the hospital that gave it.
    private static func answers(of hospital: HospitalProcess) async throws -> [String] {
        let token = try hospital.data.token(subject: "test", role: .admin, lifetime: .seconds(600))
        let url = try HospitalURL(hospital.url)
        return try await HTTPClient.withHospitalClient { http in
            let client = HospitalClient(url: url, token: token, http: http)
            var answers: [String] = []
            for question in questions {
                let answer = try await client.send(APIRequest(.get, question.path, query: question.query))
                #expect(answer.status == 200, "\(question.path)")
                let rows = answer.body?[question.member]?.elements ?? []
                #expect(!rows.isEmpty, "\(question.path)")
                answers.append("\(question.path): " + rows.map(\.compact).joined(separator: "\n"))
            }
            return answers
        }
    }

    private static let all = [("page_size", "100")]
    private static let march = [("from", "2026-03-01"), ("to", "2026-03-31")]

    private static let questions: [(path: String, query: [(String, String)], member: String)] = [
        ("/v1/patients", all, "patients"), ("/v1/patients", [("query", "an")] + all, "patients"), ("/v1/doctors", all, "doctors"),
        ("/v1/appointments", all, "appointments"), ("/v1/bills", all, "bills"), ("/v1/payments", all, "payments"),
        ("/v1/prescriptions", all, "prescriptions"), ("/v1/notifications", all, "notifications"),
        ("/v1/reports/revenue", march + [("group_by", "KIND")], "rows"),
        ("/v1/reports/appointments", march + [("group_by", "DOCTOR")], "rows"),
    ]
}
