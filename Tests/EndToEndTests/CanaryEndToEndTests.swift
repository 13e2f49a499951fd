import Foundation
import HMSTestKit
import HospitalClient
import PlainText
import ProcessDriving
import ServiceKit
import Supervision
import Testing

/// Canary people in a hospital of real processes: imported, refused, prescribed for, told, and there while every process dies. What the
/// contract's methods do with them is tried in `CanaryTests`.
@Suite(.serialized, .timeLimit(.minutes(10))) struct CanaryEndToEndTests {
    /// Nobody else has any of it.
    private static let canaries = [
        "zuleikabird", "featherstonehaugh", "98451 73429", "9845173429", "1931-07-19", "canarixaban", "canarycillin",
    ]

    private static let person: JSONValue = [
        "name": "Zuleikabird Featherstonehaugh", "dob": "1931-07-19", "email": "zuleikabird@mail.example", "phone": "+91 98451 73429",
        "allergies": ["Canarycillin"],
    ]

    private static func found(in text: String) -> [String] {
        let text = text.lowercased()
        return canaries.filter { text.contains($0) }
    }

    @Test func `nobody is found in logs, metrics, traces and audit, whoever dies and whatever is imported`() async throws {
        try await Clinic.open(["HMS_TRACE_RATE": "1", "HMS_LOG_LEVEL": "trace"]) { clinic in
            let patient = try await Self.visit(clinic)
            try await Self.refuse(clinic)
            try await Self.bringIn(clinic)
            try await Self.killEverybody(clinic, patient)
            let told = try await Self.hear(clinic)
            #expect(told.count > 8)
            for (place, text) in told {
                #expect(!text.isEmpty, "\(place)")
                #expect(Self.found(in: text) == [], "\(place): \(Self.lines(of: text))")
            }
            // The same search finds them where they are.
            let kept = try await clinic.reception.get("/v1/patients/\(patient)").body(200).compact
            #expect(Self.found(in: kept).count >= 5, "\(kept)")
            let papers = try await clinic.reception.get("/v1/prescriptions", [("patient_id", patient)]).body(200).compact
            #expect(Self.found(in: papers) == ["canarixaban"])
        }
    }

    private static func lines(of text: String) -> [Substring] {
        text.split(separator: "\n").filter { !found(in: String($0)).isEmpty }.prefix(5).map { $0.prefix(600) }
    }

    /// She is seen, gets a prescription, is written to, and asks to be called.
    private static func visit(_ clinic: Clinic) async throws -> String {
        let day = try clinic.nextDay()
        let doctor = try await clinic.doctor()
        let patient = try await clinic.reception.post("/v1/patients", person).body(201)[text: "patient_id"]
        let visit = try await clinic.book(patient, with: doctor, at: try day.text("11:00"))
        try clinic.moveClock(to: try day.at("10:50"))
        _ = try await clinic.reception.post("/v1/appointments/\(visit)/check-in").body(200)
        let paper: JSONValue = ["appointment_id": .string(visit), "medication": "Canarixaban 5 MG", "dosage": "one a day", "days": 10]
        _ = try await doctor.caller.post("/v1/prescriptions", paper).body(201)
        let letter: JSONValue = ["recipient_id": .string(patient), "channel": "EMAIL", "message": "Dear Zuleikabird, please call."]
        _ = try await clinic.reception.post("/v1/notifications", letter).body(201)
        try await clinic.expectNews("prescription.issued", to: patient)
        // Whoever does not treat her says why, and nobody's name.
        let other = try await clinic.doctor()
        try await other.caller.get("/v1/patients/\(patient)").expect(403, "ACCESS_REASON_REQUIRED")
        let emergency = try await other.caller.get("/v1/patients/\(patient)", headers: [("x-access-reason", "Brought in unconscious")])
        #expect(emergency.status == 200)
        return patient
    }

    /// Refusals of many kinds, all of them about her.
    private static func refuse(_ clinic: Clinic) async throws {
        let reception = try await clinic.reception
        try await reception.post("/v1/patients", person).expect(409, "POSSIBLE_DUPLICATE")
        for wrong in [
            ["name": "Zuleikabird", "dob": "zuleikabird"], ["name": "Zuleikabird", "dob": "1931-07-19", "email": "zuleikabird"],
        ] {
            try await reception.post("/v1/patients", .object(wrong.map { JSONMember($0.key, .string($0.value)) })).expect(
                400, "INVALID_ARGUMENT")
        }
        for path in ["/v1/patients/Zuleikabird", "/Zuleikabird", "/v1/zuleikabird/1931-07-19"] { _ = try await reception.get(path) }
        for (name, value) in [
            ("query", "Zuleikabird"), ("email", "zuleikabird@mail.example"), ("phone", "9845173429"), ("dob", "1931-07-19"),
        ] {
            _ = try await reception.get("/v1/patients", [(name, value)]).body(200)
            _ = try await reception.get("/v1/doctors", [(name, value)])
        }
        let stranger = try clinic.caller(token: "eyJhbGciOiJub25lIn0.e30.")
        try await stranger.post("/v1/patients", person).expect(401, "UNAUTHENTICATED")
        try await clinic.billing.post("/v1/patients", person).expect(403, "PERMISSION_DENIED")
    }

    /// From a file whose rows are partly refused.
    private static func bringIn(_ clinic: Clinic) async throws {
        let rows = """
            Id,name,dob,email,phone
            p-1,Zuleikabird Featherstonehaugh,1931-07-19,zuleikabird@mail.example,+91 98451 73429
            p-2,Zuleikabird Featherstonehaugh,1931-07-19,other@mail.example,+91 98451 73429
            p-3,Zuleikabird Featherstonehaugh,1931-17-19,zuleikabird@mail.example,98451

            """
        let file = try clinic.hospital.folder.write(rows, to: "canaries.csv")
        let brought = try await CommandRun(
            Clinic.executable,
            [
                "import", "patients", file, "--data", clinic.hospital.data.path, "--date-format", "dob=yyyy-MM-dd",
                "--rejects", file.replacing("canaries.csv", with: "refused.csv"),
            ])
        #expect(brought.status == 3 || brought.status == 4, "\(brought.output)")
        #expect(found(in: brought.output) == [], "\(brought.output)")
    }

    /// Every process dies while she is asked for, and comes back.
    private static func killEverybody(_ clinic: Clinic, _ patient: String) async throws {
        let reception = try await clinic.reception
        for service in Settings.services {
            async let asked = reception.get("/v1/patients", [("query", "Zuleikabird")])
            async let told = reception.post(
                "/v1/notifications", ["recipient_id": .string(patient), "channel": "SMS", "message": "Canarixaban"])
            clinic.kill(service)
            _ = (try? await asked, try? await told)
        }
        try await eventually("everybody is back") { try await reception.get("/readyz").status == 200 }
        try await eventually("she is found again") {
            try await reception.get("/v1/patients", [("query", "Zuleikabird")]).status == 200
        }
    }

    /// Everything that operators and the privacy officer are told.
    private static func hear(_ clinic: Clinic) async throws -> [(place: String, text: String)] {
        var told = [("the log", clinic.hospital.log.joined(separator: "\n")), ("the console", clinic.hospital.output)]
        let data = ["--data", clinic.hospital.data.path]
        for command in [["metrics"], ["audit", "export"], ["audit", "export", "--break-glass"], ["audit", "verify"]] {
            let run = try await CommandRun(Clinic.executable, command + data)
            #expect(run.status == 0, "\(command): \(run.output.suffix(500))")
            told.append((command.joined(separator: " "), run.output))
        }
        let admin = try await clinic.admin
        let requests = try await admin.getUndescribed("/ops/requests")
        let traced = Set((requests.body?["requests"]?.elements ?? []).map { $0[text: "correlation_id"] }).sorted()
        #expect(traced.count > 10)
        for path in ["/ops/requests", "/ops/overview", "/ops/dead-letters"] + traced.prefix(60).map({ "/ops/traces/\($0)" }) {
            told.append((path, try await admin.getUndescribed(path).body?.compact ?? ""))
        }
        told.append(("/v1/audit", try await admin.get("/v1/audit", [("page_size", "500")]).body(200).compact))
        return told
    }
}
