import Contracts
import Foundation
import PublicRoutes
import RPC
import Routes
import ServiceKit
import Testing

@testable import RESTShim

/// Every convention on every route of the contracts, over real sockets to a real RPC server. A route that is added to
/// the contracts is held to them without a line here, but for a body that it takes.
@Suite(.timeLimit(.minutes(10))) struct EveryRouteTests {
    static let bodies = [
        "CreatePatient": #"{"name":"Asha Rao","dob":"1987-04-12"}"#,
        "UpdatePatient": #"{"name":"Asha R. Rao"}"#,
        "ImportPatient": #"{"name":"Asha Rao","dob":"1987-04-12","source":"old-clinic","source_id":"P-4711"}"#,
        "ImportAllergy": #"{"patient_id":"pat_1","allergy":"Penicillin"}"#,
        "CreateDoctor": #"{"name":"Ravi Iyer","department":"Cardiology","specialization":"Valves"}"#,
        "ImportDoctor": #"{"name":"Ravi Iyer","department":"Cardiology","specialization":"Valves","source":"old","source_id":"D 12"}"#,
        "UpdateDoctor": #"{"department":"Cardiology"}"#,
        "SetDoctorSchedule": #"{"working_hours":[{"weekday":"MONDAY","start":"09:00","end":"13:00"}]}"#,
        "CreateLeave": #"{"start":"2030-01-01T00:00:00Z","end":"2030-01-02T00:00:00Z","reason":"Rest"}"#,
        "BookAppointment":
            #"{"patient_id":"pat_1","doctor_id":"doc_1","department":"Cardiology","slot_start":"2030-01-01T04:00:00Z"}"#,
        "ImportAppointment": #"{"patient_id":"pat_1","doctor_id":"doc_1","slot_start":"2030-01-01T04:00:00Z","status":"COMPLETED"}"#,
        "RescheduleAppointment": #"{"slot_start":"2030-01-01T04:30:00Z"}"#,
        "ForgetPatient": #"{"reason":"He has asked for it in writing"}"#,
        "CancelAppointment": #"{"reason":"Travel","initiated_by":"CLINIC"}"#,
        "UndoStep": #"{"reason":"It was another patient"}"#,
        "CompleteAppointment": #"{"notes":"Seen."}"#,
        "CreateBill": #"{"appointment_id":"apt_1","kind":"OTHER","subtotal":1000,"description":"Dressing"}"#,
        "ImportBill": #"{"patient_id":"pat_1","subtotal":1000,"status":"OPEN","billed_at":"2025-11-03T05:30:00Z"}"#,
        "ImportPayment": #"{"bill_id":"bil_1","amount":52500,"method":"CASH","paid_at":"2025-11-03T06:00:00Z"}"#,
        "VoidBill": #"{"reason":"Entered twice"}"#,
        "CreatePayment": #"{"bill_id":"bil_1","amount":52500,"method":"UPI"}"#,
        "CreateRefund": #"{"amount":100,"reason":"Overcharged"}"#,
        "IssuePrescription": #"{"appointment_id":"apt_1","medication":"Loratadine 5 MG","dosage":"1 daily","days":10}"#,
        "ImportPrescription": #"{"appointment_id":"apt_1","medication":"Loratadine 5 MG","dosage":"1 daily","days":10}"#,
        "CancelPrescription": #"{"reason":"Rash"}"#,
        "SendNotification": #"{"recipient_id":"pat_1","channel":"SMS","message":"Please call us.","metadata":{"desk":2}}"#,
    ]

    /// Runs a check against each route.
    private func everyRoute(_ check: (RouteUnderTest) async throws -> Void) async throws {
        try await PlayedServices.run { hospital async throws in
            try await hospital.withShim { shim async throws in
                for route in Contracts.routes { try await check(RouteUnderTest(route: route, shim: shim, calls: hospital.calls)) }
            }
        }
    }

    @Test func `a good request gets the status, tag and location that the contract says`() async throws {
        try await everyRoute { route async throws in
            let answer = try await route.ask()
            #expect(answer.status == route.route.status, "\(route): \(answer.text)")
            #expect((answer["Location"] != nil) == (answer.status == 201), "\(route)")
            #expect(answer.body.isEmpty == (answer.status == 204), "\(route)")
            #expect((answer["ETag"] != nil) == (answer.json["version"] != nil), "\(route)")
            #expect(answer["Cache-Control"] == "no-store" && answer["X-Content-Type-Options"] == "nosniff", "\(route)")
        }
    }

    @Test func `no token is 401, another role is 403, and neither reaches the service`() async throws {
        try await everyRoute { route async throws in
            let before = route.calls.count
            try await route.expect(401, "UNAUTHENTICATED", route.ask(role: nil))
            let others = [RoleSet.reception, .doctor, .billing].filter { !route.route.method.roles.contains($0) }
            for role in others.compactMap({ CallerRole($0) }) {
                try await route.expect(403, "PERMISSION_DENIED", route.ask(role: role))
            }
            #expect(route.calls.count == before, "\(route)")
        }
    }

    @Test func `a body is JSON, whole, known and at most 1 MiB`() async throws {
        try await everyRoute { route async throws in
            guard route.takesBody else {
                return try await route.expect(400, "INVALID_ARGUMENT", route.ask(body: #"{"a":1}"#))
            }
            try await route.expect(415, "UNSUPPORTED_MEDIA_TYPE", route.ask(["Content-Type": "text/plain"]))
            try await route.expect(413, "BODY_TOO_LARGE", route.ask(body: String(repeating: " ", count: 1_048_577)))
            let deep = #"{"name":"# + String(repeating: "[", count: 100_000)
            if route.route.httpMethod != "POST" { try await route.expect(400, "INVALID_ARGUMENT", route.ask(body: "")) }
            for bad in ["{", "[]", "null", "7", #"{"no_such_key":1}"#, #"{"reason":"a","reason":"b"}"#, "{}x", "\u{FEFF}{}", deep] {
                try await route.expect(400, "INVALID_ARGUMENT", route.ask(body: bad))
            }
        }
    }

    @Test func `a POST without a body is as one with an empty object: its fields are missing, if it needs any`() async throws {
        var missing = 0
        try await everyRoute { route async throws in
            guard route.takesBody, route.route.httpMethod == "POST" else { return }
            let (without, empty) = (try await route.ask(body: ""), try await route.ask(body: "{}"))
            #expect(without.status == empty.status && without.code == empty.code, "\(route)")
            let (told, expected) = (try violations(without), try violations(empty))
            #expect(told == expected, "\(route)")
            missing += told.count
        }
        #expect(missing > 0, "no route has told what is missing")
    }

    /// What a refusal says of fields; nothing where the request was taken.
    private func violations(_ answer: Answer) throws -> [[String: String]] {
        guard answer.status >= 400 else { return [] }
        return try #require(answer.json["violations"] as? [[String: String]], "\(answer.text)")
    }

    @Test func `a body that isn't UTF-8 is refused`() async throws {
        try await everyRoute { route async throws in
            guard route.takesBody else { return }
            let bytes = Array(#"{"name":""#.utf8) + [0xC3, 0x28] + Array(#""}"#.utf8)
            let token = try await route.shim.token(.admin)
            try await RawConnection.open(port: route.shim.port) { connection in
                let head = "\(route.route.httpMethod) \(route.target) HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer \(token)\r\n"
                try await connection.send(head + "Content-Type: application/json\r\nContent-Length: \(bytes.count)\r\n\r\n")
                try await connection.send(bytes)
                try route.expect(400, "INVALID_ARGUMENT", await connection.answer())
            }
        }
    }

    @Test func `an unknown parameter, a bad deadline and a path that goes on are refused`() async throws {
        try await everyRoute { route async throws in
            try await route.expect(400, "INVALID_ARGUMENT", route.ask(suffix: "?no_such_parameter=1"))
            try await route.expect(400, "INVALID_ARGUMENT", route.ask(["X-Timeout-Ms": "0"]))
            try await route.expect(404, "ROUTE_NOT_FOUND", route.ask(suffix: "/"))
        }
    }

    @Test func `another method is told which ones there are`() async throws {
        try await everyRoute { route async throws in
            let answer = try await route.shim.ask("TRACE", route.target)
            try route.expect(405, "METHOD_NOT_ALLOWED", answer)
            let allowed = answer["Allow"]?.split(separator: ", ").map(String.init) ?? []
            #expect(allowed.contains(route.route.httpMethod) && allowed.contains("OPTIONS"), "\(route)")
        }
    }

    @Test func `correlation, trace, key and deadline reach the service`() async throws {
        let trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
        try await everyRoute { route async throws in
            // The audit is every service's own, and not played here.
            guard route.route.method != AuditServiceMethods.listAuditedCalls else { return }
            let fields = ["X-Correlation-ID": "c-1", "traceparent": trace, "Idempotency-Key": "k-1", "X-Timeout-Ms": "5000"]
            let answer = try await route.ask(fields)
            #expect(answer["X-Correlation-ID"] == "c-1" && answer["traceparent"] == trace, "\(route)")
            let context = try #require(route.calls.last)
            #expect(context.method == route.route.method && context.correlationID == "c-1", "\(route)")
            #expect(context.trace?.traceID == "0af7651916cd43dd8448eb211c80319c", "\(route)")
            #expect(context.metadata["idempotency-key"] == (route.route.httpMethod == "POST" ? "k-1" : nil), "\(route)")
            #expect(context.deadline.remaining <= .seconds(5), "\(route)")
        }
    }

    @Test func `what is read has its condition, and what is changed too`() async throws {
        try await everyRoute { route async throws in
            let tag = try await route.ask()["ETag"]
            switch route.route.httpMethod {
            case "GET":
                guard let tag else { return }
                let answer = try await route.ask(["If-None-Match": "\"other\", W/\(tag)"])
                #expect(answer.status == 304 && answer.body.isEmpty && answer["ETag"] == tag, "\(route)")
            case _ where route.route.ifMatchField != nil:
                #expect(try await route.ask(["If-Match": tag ?? ""]).status == route.route.status, "\(route)")
                try await route.expect(412, "VERSION_MISMATCH", route.ask(["If-Match": "W/\(tag ?? "")"]))
                try await route.expect(400, "INVALID_ARGUMENT", route.ask(["If-Match": "3"]))
            default:
                try await route.expect(400, "INVALID_ARGUMENT", route.ask(["If-Match": "\"3\""]))
            }
        }
    }

    @Test func `HEAD answers as GET does, without the body`() async throws {
        try await everyRoute { route async throws in
            guard route.route.httpMethod == "GET" else { return }
            let (get, head) = (try await route.ask(), try await route.shim.ask("HEAD", route.target, role: .admin))
            // To read the audit is kept there: what is read next is longer.
            let isSameLength = route.target == "/v1/audit" || head["Content-Length"] == get["Content-Length"]
            #expect(head.status == 200 && isSameLength && head["ETag"] == get["ETag"], "\(route)")
        }
    }

    @Test func `where no service is configured, and where none answers, it is 503 with a time to come back`() async throws {
        let nobody = RPCClient(host: "127.0.0.1", port: 1, logger: .quiet)
        for channels in [[:], PlayedServices.channels(nobody)] as [[String: any RPCChannel]] {
            try await Shim.run(routes: Contracts.routes, channels: channels) { shim async throws in
                for route in Contracts.routes {
                    let under = RouteUnderTest(route: route, shim: shim, calls: RecordedCalls())
                    let answer = try await under.ask(["X-Timeout-Ms": "3000"])
                    try under.expect(503, "UNAVAILABLE", answer)
                    #expect(answer["Retry-After"] != nil, "\(under)")
                }
            }
        }
        await nobody.close()
    }
}
