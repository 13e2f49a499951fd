import AsyncHTTPClient
import Contracts
import Foundation
import HMSTestKit
import HospitalClient
import PlainText
import ProcessDriving
import ProtobufC
import ServiceKit
import Supervision
import Synchronization
import Testing

/// What an administrator sees of a running hospital: one booking is one picture, and nobody is named in it.
@Suite(.serialized, .timeLimit(.minutes(10))) struct TraceEndToEndTests {
    /// Asks as an operator. What is answered stands in no description of the public API.
    private static func ask(_ clinic: Clinic, _ path: String) async throws -> (status: Int, body: JSONValue, text: String) {
        let token = try clinic.hospital.data.token(subject: "some-admin", role: .admin, lifetime: .seconds(600))
        return try await HTTPClient.withHospitalClient { http in
            let client = HospitalClient(url: try HospitalURL(clinic.hospital.url), token: token, http: http)
            let reply = try await client.send(APIRequest(.get, path), timeout: .seconds(30))
            return (reply.status, reply.body ?? .null, reply.body?.compact ?? "")
        }
    }

    private struct Seen {
        let name: String
        let service: String
        let id: String
        let parent: String

        init(_ span: JSONValue) {
            name = span[text: "name"]
            service = span[text: "service"]
            id = span[text: "span_id"]
            parent = span[text: "parent_span_id"]
        }
    }

    private static func picture(_ clinic: Clinic, _ correlationID: String) async throws -> [Seen] {
        let answer = try await ask(clinic, "/ops/traces/\(correlationID)")
        return (answer.body["spans"]?.elements ?? []).map(Seen.init)
    }

    private static let canary: JSONValue = [
        "name": "Canary-Zuleika Featherstonehaugh", "dob": "1990-12-10", "email": "zuleika@mail.example", "phone": "+91 98450 98450",
    ]

    @Test func `one booking is one picture, from the public door to the letter that tells of it`() async throws {
        try await Clinic.open(["HMS_TRACE_RATE": "1"]) { clinic in
            let doctor = try await clinic.doctor()
            let patient = try await clinic.reception.post("/v1/patients", Self.canary).body(201)[text: "patient_id"]
            let day = try clinic.nextDay()
            let booking: JSONValue = [
                "patient_id": .string(patient), "doctor_id": .string(doctor.id), "department": .string(StoryDoctor.department),
                "slot_start": .string(try day.text("11:00")),
            ]
            let visit = try await clinic.reception.post("/v1/appointments", booking, correlationID: "picture-1")
                .body(201)[text: "appointment_id"]
            let spans = try await found("a letter in the picture", within: .seconds(60)) {
                let spans = try await Self.picture(clinic, "picture-1")
                return spans.contains { $0.name == "letter by email" } ? spans : nil
            }
            let wanted = [
                "POST /v1/appointments in rest", "hms.appointment.v1.AppointmentService/BookAppointment in rest",
                "hms.appointment.v1.AppointmentService/BookAppointment in appointment", "transaction in appointment",
                "commit in appointment", "deliver appointment.booked in appointment", "receive appointment.booked in notification",
                "letter by email in notification",
            ]
            let told = Set(spans.map { "\($0.name) in \($0.service)" })
            for name in wanted { #expect(told.contains(name), "\(name) is missing in \(told.sorted())") }
            // Every span but the first is part of another.
            let ids = Set(spans.map(\.id))
            let roots = spans.filter { !ids.contains($0.parent) }
            #expect(roots.map(\.name) == ["POST /v1/appointments"], "\(roots)")
            try await Self.expectNobody(clinic, besides: [patient, doctor.id, visit])
        }
    }

    @Test func `what others have written beside a booking's trace reaches the collector with every span, the letter's too`() async throws {
        let exports = Mutex<[[UInt8]]>([])
        let collector = FakeHTTPServer { request in
            exports.withLock { $0.append(request.body) }
            return .init(status: 200, body: [])
        }
        let trace = "0af7651916cd43dd8448eb211c80319c"
        try await collector.whileServing { port in
            try await Clinic.open(["HMS_TRACE_RATE": "0", "HMS_OTLP": "http://127.0.0.1:\(port)/v1/traces"]) { clinic in
                let doctor = try await clinic.doctor()
                let patient = try await clinic.reception.post("/v1/patients", Self.canary).body(201)[text: "patient_id"]
                let booking: JSONValue = [
                    "patient_id": .string(patient), "doctor_id": .string(doctor.id), "department": .string(StoryDoctor.department),
                    "slot_start": .string(try clinic.nextDay().text("11:00")),
                ]
                let headers = [("traceparent", "00-\(trace)-b7ad6b7169203331-01"), ("tracestate", "rojo=00f067aa0ba902b7,congo=t61")]
                _ = try await clinic.reception.post("/v1/appointments", booking, headers: headers.map { (name: $0.0, value: $0.1) }).body(
                    201)
                let wanted = [
                    "POST /v1/appointments", "hms.appointment.v1.AppointmentService/BookAppointment", "commit",
                    "deliver appointment.booked", "receive appointment.booked", "letter by email",
                ]
                let spans = try await found("a letter at the collector", within: .seconds(60)) {
                    let spans = try exports.withLock { $0 }.flatMap { try Self.spans(in: $0, of: trace) }
                    return Set(spans.map(\.name)).isSuperset(of: wanted) ? spans : nil
                }
                #expect(spans.filter { $0.traceState != "rojo=00f067aa0ba902b7,congo=t61" }.map(\.name) == [])
            }
        }
    }

    private static func spans(in export: [UInt8], of trace: String) throws -> [OtlpSpan] {
        let spans = try OtlpExportRequest(protobuf: export).resourceSpans.flatMap(\.scopeSpans).flatMap(\.spans)
        return spans.filter { $0.traceID.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() == trace }
    }

    /// Canaries went in by every way that is traced; none is in anything that an operator sees.
    private static func expectNobody(_ clinic: Clinic, besides ids: [String]) async throws {
        for path in ["/v1/patients/\(ids[0])x", "/Canary-Zuleika"] { _ = try await clinic.reception.get(path) }
        _ = try await clinic.reception.get("/v1/patients", [("query", "Zuleika")])
        let requests = try await ask(clinic, "/ops/requests")
        let traced = (requests.body["requests"]?.elements ?? []).map { $0[text: "correlation_id"] }
        #expect(traced.count > 3)
        var seen = [requests.text]
        for path in ["/ops/overview", "/ops/dead-letters"] + traced.map({ "/ops/traces/\($0)" }) {
            let answer = try await ask(clinic, path)
            #expect(answer.status == 200, "\(path)")
            seen.append(answer.text)
        }
        for word in ids + ["Zuleika", "zuleika", "98450", "1990-12-10", "some-reception"] {
            #expect(!seen.contains { $0.contains(word) }, "\(word) is shown to operators")
        }
    }

    @Test func `what fails is seen although nothing is sampled, and a service that is away is named`() async throws {
        try await Clinic.open(["HMS_TRACE_RATE": "0"]) { clinic in
            let doctor = try await clinic.doctor()
            #expect(try await Self.ask(clinic, "/ops/traces/away-1").status == 404)
            clinic.freeze("doctor")
            let answer = try await clinic.reception.get(
                "/v1/doctors/\(doctor.id)", headers: [("x-correlation-id", "away-1"), ("x-timeout-ms", "700")])
            #expect(answer.status >= 500)
            let picture = try await Self.ask(clinic, "/ops/traces/away-1")
            #expect(picture.body["silent"]?.elements.map(\.text) == ["doctor"])
            let names = (picture.body["spans"]?.elements ?? []).map { $0[text: "name"] }
            #expect(names.contains("GET /v1/doctors/{doctor_id}") && names.contains("hms.doctor.v1.DoctorService/GetDoctor"), "\(names)")
            clinic.thaw("doctor")
            try await eventually("it answers again", within: .seconds(60)) {
                try await Self.ask(clinic, "/ops/overview").body["silent"]?.elements.isEmpty == true
            }
        }
    }
}
