import AsyncHTTPClient
import Foundation
import HMSTestKit
import HospitalClient
import PlainText
import ProcessDriving
import ServiceKit
import Supervision
import Testing
import Vocabulary

/// The built executables, used as people use them.
@Suite(.timeLimit(.minutes(10))) struct HospitalEndToEndTests {
    private static let executable = BuiltExecutables.executable

    @Test(.timeLimit(.minutes(10)))
    func `patients and doctors are registered, found and changed, and the hospital stops when asked`() async throws {
        let hospital = try await HospitalProcess.start(Self.executable, in: TemporaryFolder())
        #expect(hospital.output.contains("curl -H \"Authorization: Bearer $("))
        #expect(Set(hospital.processes.keys) == Set(Settings.services + ["rest"]))
        try await Self.withClient(of: hospital, as: .reception) { try await Self.useAsReception($0) }
        try await Self.withClient(of: hospital, as: .admin) { try await Self.useAsAdmin($0) }
        try await Self.withClient(of: hospital, as: nil) { try await Self.useAsStranger($0) }
        let processes = hospital.processes
        #expect(try await hospital.stop() == 0)
        #expect(processes.values.allSatisfy { kill($0, 0) == -1 })
        #expect(throws: DataFolderError.self) { try hospital.data.runningHospital() }
    }

    @Test(.timeLimit(.minutes(10)))
    func `nothing outlives a hospital that is killed, and the next one starts on what it left`() async throws {
        let folder = try TemporaryFolder()
        let killed = try await HospitalProcess.start(Self.executable, in: folder)
        let processes = killed.processes.values
        try await killed.killItself()
        let next = try await HospitalProcess.start(Self.executable, in: folder)
        #expect(!processes.contains(where: Self.isRunning))
        #expect(try await next.stop() == 0)
    }

    @Test(.timeLimit(.minutes(10)))
    func `a demo fills an empty folder once, and is the same on every machine at the same time`() async throws {
        let folder = try TemporaryFolder()
        let now = try #require(Instant(rfc3339: "2026-03-16T15:00:00+05:30"))
        let arguments = ["--demo", "--clock", try MovedClock(path: folder.path + "/clock", at: now).path]
        let hospital = try await HospitalProcess.start(Self.executable, in: folder, arguments: arguments)
        #expect(hospital.output.contains("12 doctors, 40 patients"))
        await #expect(throws: HospitalProcessError.self) { try await HospitalProcess.start(Self.executable, in: folder) }
        #expect(try await hospital.stop() == 0)
        let again = try await HospitalProcess.start(Self.executable, in: folder, arguments: arguments)
        try await eventually("what was under way has arrived") {
            try await CommandRun(Self.executable, ["check", "--data", again.data.path]).status == 0
        }
        let revenue = try await Self.revenue(of: again)
        #expect(revenue.contains("NO_SHOW_FEE") && revenue.contains("CANCELLATION_FEE"))
        #expect(Self.demo(again) == Self.demo(hospital))
        #expect(try await again.stop() == 0)
        let elsewhere = try await HospitalProcess.start(Self.executable, in: TemporaryFolder(), arguments: arguments)
        try await eventually("it is the same hospital") { try await Self.revenue(of: elsewhere) == revenue }
        #expect(Self.demo(elsewhere) == Self.demo(hospital))
        #expect(try await elsewhere.stop() == 0)
    }

    /// The line that says what is in the demo.
    private static func demo(_ hospital: HospitalProcess) -> Substring? {
        hospital.output.split(separator: "\n").first { $0.hasPrefix("demo ") }
    }

    /// What the demo's two weeks brought, kind by kind.
    private static func revenue(of hospital: HospitalProcess) async throws -> String {
        let query = [("from", "2026-03-01"), ("to", "2026-03-31"), ("group_by", "KIND")]
        return try await withClient(of: hospital, as: .billing) { client in
            try await client.send(APIRequest(.get, "/v1/reports/revenue", query: query)).body?.compact ?? ""
        }
    }

    /// A process that has ended counts as ended, whether or not anybody has asked for its status.
    private static func isRunning(_ pid: Int32) -> Bool {
        guard let status = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8) else { return false }
        return status[(status.lastIndex(of: ")") ?? status.startIndex)...].dropFirst(2).first != "Z"
    }

    private static func useAsStranger(_ client: HospitalClient) async throws {
        #expect(try await client.send(APIRequest(.get, "/v1/patients")).status == 401)
        #expect(try await client.send(APIRequest(.get, "/livez")).status == 200)
        #expect(try await client.send(APIRequest(.get, "/openapi.json")).body?["openapi"]?.text?.hasPrefix("3.1") == true)
    }

    private static func useAsReception(_ client: HospitalClient) async throws {
        let created = try await client.send(APIRequest(.post, "/v1/patients", body: ["name": "Ada Byron", "dob": "1990-12-10"]))
        #expect(created.status == 201)
        let path = try #require(created.header("location"))
        let read = try await client.send(APIRequest(.get, path))
        #expect(read.status == 200 && read.body == created.body)
        let tag = try #require(read.header("etag"))
        #expect(try await client.send(APIRequest(.get, path, headers: [("if-none-match", tag)])).status == 304)
        let changed = try await client.send(APIRequest(.patch, path, body: ["phone": "+91 22 1234567"], headers: [("if-match", tag)]))
        #expect(changed.status == 200 && changed.body?["phone"] == "+91 22 1234567")
        let late = try await client.send(APIRequest(.patch, path, body: ["email": "a@b.example"], headers: [("if-match", tag)]))
        #expect(late.status == 412 && late.code == "VERSION_MISMATCH")
        let twin = try await client.send(APIRequest(.post, "/v1/patients", body: ["name": "Ada Byron", "dob": "1990-12-10"]))
        #expect(twin.status == 409 && twin.code == "POSSIBLE_DUPLICATE")
        let found = try await client.send(APIRequest(.get, "/v1/patients", query: [("query", "BYR")]))
        #expect(found.body?["patients"]?.elements.map { $0["name"] } == ["Ada Byron"])
        let deleted = try await client.send(APIRequest(.delete, path))
        #expect(deleted.status == 204)
        #expect(try await client.send(APIRequest(.get, path)).body?["status"] == "INACTIVE")
        let forbidden = try await client.send(APIRequest(.post, "/v1/doctors", body: ["name": "x"]))
        #expect(forbidden.status == 403 && forbidden.code == "PERMISSION_DENIED")
    }

    private static func useAsAdmin(_ client: HospitalClient) async throws {
        let body: JSONValue = ["name": "Meera Rao", "department": "Cardiology", "specialization": "Rhythm"]
        let created = try await client.send(APIRequest(.post, "/v1/doctors", body: body))
        #expect(created.status == 201)
        let path = try #require(created.header("location"))
        #expect(try await client.send(APIRequest(.get, path)).body == created.body)
        let department = try await client.send(APIRequest(.get, path + "/department"))
        #expect(department.body?["department"] == "Cardiology")
        #expect(department.header("etag") == created.header("etag"))
        let hours: JSONValue = ["working_hours": [["weekday": "MONDAY", "start": "09:00", "end": "13:00"]]]
        #expect(try await client.send(APIRequest(.put, path + "/schedule", body: hours)).status == 200)
        let schedule = try await client.send(APIRequest(.get, path + "/schedule"))
        #expect(schedule.body?["working_hours"]?.elements.count == 1)
        let leave: JSONValue = ["start": "2030-01-01T00:00:00Z", "end": "2030-01-02T00:00:00Z", "reason": "rest"]
        #expect(try await client.send(APIRequest(.post, path + "/leaves", body: leave)).status == 201)
        #expect(try await client.send(APIRequest(.get, path + "/leaves")).body?["leaves"]?.elements.count == 1)
        #expect(try await client.send(APIRequest(.patch, path, body: ["specialization": "Valves"])).body?["specialization"] == "Valves")
        let found = try await client.send(APIRequest(.get, "/v1/doctors", query: [("department", "cardiology")]))
        #expect(found.body?["doctors"]?.elements.count == 1)
    }

    private static func withClient<Result>(
        of hospital: HospitalProcess, as role: CallerRole?, _ body: (HospitalClient) async throws -> Result
    ) async throws -> Result {
        var token: String?
        if let role { token = try hospital.data.token(subject: "test", role: role, lifetime: .seconds(600)) }
        let url = try HospitalURL(hospital.url)
        return try await HTTPClient.withHospitalClient { http in
            try await body(HospitalClient(url: url, token: token, http: http))
        }
    }
}
