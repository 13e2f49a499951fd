import AsyncHTTPClient
import Foundation
import HMSTestKit
import HospitalClient
import PlainText
import ProcessDriving
import ServiceKit
import Supervision
import Testing

/// Programs of others that follow a hospital of real processes, which is killed meanwhile.
@Suite(.timeLimit(.minutes(10))) struct WebhookEndToEndTests {
    private static let settings = ["HMS_WEBHOOK_PRIVATE": "yes", "HMS_NOTIFICATION_RETRY": "1s"]

    private static func start(in folder: TemporaryFolder) async throws -> HospitalProcess {
        try await HospitalProcess.start(Clinic.executable, in: folder, environment: settings)
    }

    private static func admin(of hospital: HospitalProcess, _ http: HTTPClient) throws -> Caller {
        let token = try hospital.data.token(subject: "some-admin", role: .admin, lifetime: .seconds(3_600))
        return Caller(HospitalClient(url: try HospitalURL(hospital.url), token: token, http: http))
    }

    private static func patient(named name: String, _ admin: Caller) async throws -> String {
        let body: JSONValue = ["name": .string(name), "dob": "1990-12-10", "email": "zqmail@mail.example"]
        return try await admin.post("/v1/patients", body).body(201)[text: "patient_id"]
    }

    private static func webhook(to receiver: WebhookReceiver, _ types: JSONValue, _ admin: Caller) async throws -> String {
        let body: JSONValue = [
            "url": .string("http://127.0.0.1:\(receiver.port)/hook"), "event_types": types, "secret": .string(WebhookReceiver.secret),
        ]
        return try await admin.post("/v1/webhooks", body).body(201)[text: "webhook_id"]
    }

    @Test func `what a receiver did not take is told again after the hospital was killed, under the same id, and once more when asked for`()
        async throws
    {
        let (folder, receiver) = (try TemporaryFolder(), try WebhookReceiver(answering: 500, 200))
        try await HTTPClient.withHospitalClient { http in
            var hospital = try await Self.start(in: folder)
            var admin = try Self.admin(of: hospital, http)
            let webhook = try await Self.webhook(to: receiver, ["patient.registered"], admin)
            let patient = try await Self.patient(named: "Zqname Rao", admin)
            try await eventually("first try") { try !receiver.received().isEmpty }
            try await hospital.killItself()

            hospital = try await Self.start(in: folder)
            admin = try Self.admin(of: hospital, http)
            let path = "/v1/webhooks/\(webhook)/deliveries"
            try await eventually("delivery") { [admin] in
                try await admin.get(path, [("status", "SENT")]).body(200)["deliveries"]?.elements.count == 1
            }
            let posts = try receiver.received()
            #expect(posts.map { $0["status"] } == [.integer(500), .integer(200)])
            #expect(Set(posts.map { $0[text: "delivery_id"] }).count == 1 && posts[0]["event"] == posts[1]["event"])
            let event = try #require(posts[0]["event"])
            #expect(event[text: "event_type"] == "patient.registered" && event[text: "aggregate_id"] == patient)
            #expect(event["data"]?[text: "patient_id"] == patient && event["data"]?["active"] == .bool(true))
            #expect(!"\(posts)".contains("Zqname") && !"\(posts)".contains("zqmail"))

            let replay = "\(path)/\(posts[0][text: "delivery_id"])/replay"
            #expect(try await admin.post(replay).body(200)[text: "status"] == "PENDING")
            try await eventually("replay") { try receiver.received().count == 3 }
            #expect(try receiver.received()[2][text: "delivery_id"] == posts[0][text: "delivery_id"])
            #expect(try await hospital.stop() == 0)
        }
    }

    @Test func `whoever checks with another secret takes nothing`() async throws {
        let (folder, receiver) = (try TemporaryFolder(), try WebhookReceiver(answering: 200, secret: "another secret here"))
        try await HTTPClient.withHospitalClient { http in
            let hospital = try await Self.start(in: folder)
            let admin = try Self.admin(of: hospital, http)
            _ = try await Self.webhook(to: receiver, ["patient.registered"], admin)
            _ = try await Self.patient(named: "Zqname Rao", admin)
            try await eventually("a try") { try receiver.received().first?["status"] == .integer(401) }
            #expect(try await hospital.stop() == 0)
        }
    }

    @Test func `a person who changes, and is forgotten, is told of by his id and nothing else`() async throws {
        let (folder, receiver) = (try TemporaryFolder(), try WebhookReceiver(answering: 200))
        try await HTTPClient.withHospitalClient { http in
            let hospital = try await Self.start(in: folder)
            let admin = try Self.admin(of: hospital, http)
            let types = ["patient.registered", "patient.changed", "patient.deactivated", "patient.forgotten", "doctor.registered"]
            let webhook = try await Self.webhook(to: receiver, .array(types.map { .string($0) }), admin)
            let doctor: JSONValue = ["name": "Dr. Zqname", "department": "Cardiology", "specialization": "Rhythm"]
            _ = try await admin.post("/v1/doctors", doctor).body(201)
            let patient = try await Self.patient(named: "Zqname Rao", admin)
            _ = try await admin.patch("/v1/patients/\(patient)", ["name": "Zqname Singh"]).body(200)
            _ = try await admin.post("/v1/patients/\(patient)/forget", ["reason": "Asked for"]).body(200)
            try await eventually("the forgetting is told") { [receiver] in
                try receiver.received().contains { $0["event"]?[text: "event_type"] == "patient.forgotten" }
            }
            try await eventually("all of it is told") { [receiver] in try receiver.received().count >= 4 }
            let told = try receiver.received()
            let toldTypes = told.map { $0["event"]?[text: "event_type"] ?? "" }
            #expect(Set(toldTypes).isSubset(of: types))
            for post in told { #expect(!"\(post)".contains("Zqname") && !"\(post)".contains("zqmail")) }
            for path in ["/v1/webhooks/\(webhook)/deliveries", "/v1/events"] {
                let log = try await admin.get(path).body(200)
                #expect(!"\(log)".contains("Zqname") && !"\(log)".contains("zqmail"))
            }
            #expect(try await hospital.stop() == 0)
        }
    }

    @Test func `a tail of events goes on when the hospital was killed and started again, and another one from where it was`() async throws {
        let folder = try TemporaryFolder()
        try await HTTPClient.withHospitalClient { http in
            var hospital = try await Self.start(in: folder)
            var admin = try Self.admin(of: hospital, http)
            let tail = try Tail(of: hospital, "--json", in: folder)
            let first = try await Self.patient(named: "Zqname One", admin)
            try await eventually("first line") { try tail.lines().contains { $0[text: "aggregate_id"] == first } }
            try await hospital.killItself()
            hospital = try await Self.start(in: folder)
            admin = try Self.admin(of: hospital, http)
            let second = try await Self.patient(named: "Zqname Two", admin)
            try await eventually("line of the second life") { try tail.lines().contains { $0[text: "aggregate_id"] == second } }
            let lines = try tail.lines()
            #expect(Set(lines.map { $0[text: "event_id"] }).count == lines.count, "none comes twice")

            let rest = try await Self.events(of: hospital, "--no-follow", "--after", lines[0][text: "event_id"])
            #expect(rest.status == 0 && rest.output.split(separator: "\n").count == lines.count - 1, "\(rest.output)")
            #expect(rest.output.contains(" patient.registered \(second) active=true ") && !rest.output.contains("Zqname"))
            let none = try await Self.events(of: hospital, "--no-follow", "--type", "doctor.registered", "--since", "1h")
            #expect(none.status == 0 && none.output.isEmpty)
            #expect(try await Self.events(of: hospital, "--type", "tea.ready").status == 64)
            #expect(try await Self.events(of: hospital, "--no-follow", "--after", "evt_none").status == 105)
            #expect(try await hospital.stop() == 0)
        }
    }

    private static func events(of hospital: HospitalProcess, _ arguments: String...) async throws -> CommandRun {
        try await CommandRun(Clinic.executable, ["events", "tail", "--data", hospital.data.path] + arguments)
    }
}

/// `hms events tail`, which goes on until nobody holds it.
private final class Tail: Sendable {
    private let process: Process
    private let path: String

    init(of hospital: HospitalProcess, _ arguments: String..., in folder: TemporaryFolder) throws {
        path = folder.path + "/tail"
        try Data().write(to: URL(filePath: path))
        process = Process()
        process.executableURL = URL(filePath: Clinic.executable)
        process.arguments = ["events", "tail", "--data", hospital.data.path] + arguments
        process.standardOutput = try FileHandle(forWritingTo: URL(filePath: path))
        try process.run()
    }

    deinit {
        process.terminate()
    }

    /// The whole lines so far.
    func lines() throws -> [JSONValue] {
        let text = try String(contentsOfFile: path, encoding: .utf8)
        return try text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map { try JSONValue(parsing: String($0)) }
    }
}
