import Contracts
import HMSTestKit
import PlainText
import PublicRoutes
import RPC
import Routes
import Testing
import Vocabulary

@Suite("The OpenAPI document")
struct OpenAPITests {
    let document: APIDocument

    init() throws {
        document = try APIDocument.current.get()
    }

    private func operation(_ route: Route) throws -> JSONValue {
        try #require(document.operations.first { $0.path == route.pattern && $0.method == route.httpMethod }).tree
    }

    private func texts(_ value: JSONValue?) -> [String] { (value?.elements ?? []).compactMap(\.text) }

    private func statuses(_ operation: JSONValue) -> Set<String> { Set((operation["responses"]?.members ?? []).map(\.name)) }

    @Test func `every route is described with its method, its roles and its answer`() throws {
        for route in Contracts.routes {
            let operation = try operation(route)
            #expect(operation["x-hms-method"]?.text == route.method.name)
            #expect(texts(operation["x-hms-roles"]).contains("admin"))
            #expect(statuses(operation).contains("\(route.status)"))
            #expect((operation["requestBody"] != nil) == (route.body != .none))
        }
    }

    @Test func `every operation is a route, or a page that needs no token`() {
        let routes = Set(Contracts.routes.map { "\($0.httpMethod) \($0.pattern)" })
        let pages = document.operations.filter { !routes.contains($0.description) }
        #expect(Set(pages.map(\.path)) == ["/", "/livez", "/readyz", "/openapi.json", "/docs"])
        #expect(pages.allSatisfy { $0.tree["security"] == [] })
    }

    @Test func `an error stands where it can occur, and nowhere else`() throws {
        let everywhere: Set = ["400", "401", "403", "408", "414", "429", "431", "500", "501", "503", "504"]
        for route in Contracts.routes {
            let operation = try operation(route)
            let statuses = statuses(operation)
            let own = Set(texts(operation["x-hms-errors"]).map { String($0.prefix(3)) })
            let withBody: Set = route.body == .none ? [] : ["413", "415"]
            #expect(statuses.filter { $0 >= "400" } == everywhere.union(withBody).union(own), "\(route.pattern)")
            #expect(statuses.contains("412") == (route.ifMatchField != nil || statuses.contains("304")), "\(route.pattern)")
        }
    }

    @Test func `every code is one that the hospital knows, under the status that its kind has`() {
        let statuses: [RejectionCode.Kind: String] = [
            .invalid: "400", .forbidden: "403", .notFound: "404", .conflict: "409", .versionMismatch: "412", .unprocessable: "422",
        ]
        let own = Set(document.operations.flatMap { texts($0.tree["x-hms-errors"]) })
        #expect(own.contains("409 POSSIBLE_DUPLICATE") && own.contains("404 PATIENT_NOT_FOUND"))
        for error in own {
            let code = RejectionCode(rawValue: String(error.dropFirst(4)))
            #expect(code.map { statuses[$0.kind] == String(error.prefix(3)) } == true, "\(error)")
        }
    }

    @Test func `the errors of a booking stand in the order of its rules`() throws {
        let booking = try #require(document.operation("POST", "/v1/appointments"))
        let rules = [
            "404 PATIENT_NOT_FOUND", "409 PATIENT_INACTIVE", "404 DOCTOR_NOT_FOUND", "409 DOCTOR_INACTIVE", "422 INVALID_SLOT",
            "422 OUTSIDE_CLINIC_HOURS", "422 LEAD_TIME_TOO_SHORT", "422 DEPARTMENT_MISMATCH", "409 DOCTOR_UNAVAILABLE",
            "409 PATIENT_SLOT_TAKEN", "409 DOCTOR_SLOT_TAKEN", "409 DOCTOR_DAILY_CAP",
        ]
        #expect(texts(booking.tree["x-hms-errors"]) == ["409 IDEMPOTENCY_IN_PROGRESS", "422 IDEMPOTENCY_KEY_REUSED"] + rules)
        let conflict = booking.tree["responses"]?["409"]?["description"]?.text ?? ""
        let inOrder = rules.filter { $0.hasPrefix("409") }.map { "`\($0.dropFirst(4))`" }
        #expect(conflict.contains(inOrder.joined(separator: ", ")), "\(conflict)")
    }

    /// A client that is told that a field may be null has to treat it so; these are the ones that are.
    @Test func `nothing is nullable in an answer but what may be absent`() {
        let nullable = (document.tree["components"]?["schemas"]?.members ?? []).flatMap { schema in
            (schema.value["properties"]?.members ?? []).filter { takesNull($0.value) }.map { "\(schema.name).\($0.name)" }
        }
        let answered = nullable.filter { !$0.contains("Request.") && !$0.contains("Changes.") }
        let expected = [
            "Appointment.cancel_reason", "Appointment.cancelled_by", "Appointment.fee_percent", "AppointmentStep.reason", "Bill.paid_at",
            "Bill.void_reason", "Doctor.consultation_fee", "Doctor.email", "Doctor.phone", "Notification.last_error",
            "Notification.sent_at", "Patient.email", "Patient.forgotten_at", "Patient.phone", "Payment.failure_code", "Payment.paid_at",
            "Prescription.cancel_reason", "Prescription.override_reason", "Webhook.secret", "WebhookDelivery.last_error",
            "WebhookDelivery.sent_at",
        ]
        #expect(Set(answered) == Set(expected))
        #expect(nullable.contains("CreatePatientRequest.email") && !nullable.contains("PatientChanges.name"))
    }

    private func takesNull(_ schema: JSONValue) -> Bool {
        schema["type"]?.elements.contains("null") == true || schema["anyOf"]?.elements.contains { $0["type"] == "null" } == true
    }

    @Test func `what a patient's name must be like stands in the schema`() {
        let request = document.tree["components"]?["schemas"]?["CreatePatientRequest"]
        let name = request?["properties"]?["name"]
        #expect(name?["maxLength"] == 200)
        #expect(name?["pattern"]?.text?.contains(#"\S"#) == true)
        #expect(name?["x-hms-personal"] == true)
        #expect(texts(request?["required"]) == ["name", "dob"])
        #expect(request?["additionalProperties"] == false)
    }

    @Test func `the document has the version of the program, and its server is the one that serves it`() {
        #expect(document.tree["info"]?["version"]?.text == Contracts.version)
        #expect(document.tree["servers"]?.elements.map { $0["url"] } == ["/"])
    }
}
