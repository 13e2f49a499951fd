import Contracts
import FieldChecks
import NIOCore
import ProtobufC
import ProtobufJSON
import PublicRoutes
import RPC
import Routes
import Testing

@Suite("Routes between HTTP and messages")
struct RouteTests {
    private func route(_ httpMethod: String, _ pattern: String) throws -> Route {
        try #require(Contracts.routes.first { $0.httpMethod == httpMethod && $0.pattern == pattern })
    }

    private func input(path: [(String, String)] = [], query: [(String, [String])] = [], body: String? = nil, version: Int64? = nil)
        -> RouteInput
    {
        RouteInput(
            path: path.map { (name: $0, value: $1) }, query: query.map { (name: $0, values: $1) },
            body: body.map { ByteBuffer(string: $0) },
            expectedVersion: version)
    }

    private func request<M: Message>(_ type: M.Type, _ route: Route, _ input: RouteInput) throws -> M {
        try M(payload: route.encodeRequest(input))
    }

    private func violations(_ route: Route, _ input: RouteInput) -> [String] {
        let error = #expect(throws: InvalidRequest.self) { try route.encodeRequest(input) }
        return error?.violations.map { "\($0.field) \($0.message)" } ?? []
    }

    @Test func `each route stands once`() {
        let names = Contracts.routes.map { "\($0.httpMethod) \($0.pattern)" }
        #expect(Set(names).count == names.count)
        #expect(names.contains("DELETE /v1/doctors/{doctor_id}/leaves/{leave_id}"))
    }

    @Test func `every POST takes an idempotency key`() {
        for route in Contracts.routes where route.httpMethod == "POST" {
            #expect(route.method.idempotency != .readOnly && route.method.idempotency != .unspecified, "\(route.pattern)")
        }
    }

    @Test func `a body is the request`() throws {
        let create = try route("POST", "/v1/patients")
        let request = try request(CreatePatientRequest.self, create, input(body: #"{"name":"Asha","dob":"1990-01-31","email":null}"#))
        #expect(request == CreatePatientRequest(name: "Asha", dob: "1990-01-31"))
        #expect(create.status == 201)
    }

    @Test func `path and query are the request`() throws {
        let list = try route("GET", "/v1/patients")
        let listed = try request(ListPatientsRequest.self, list, input(query: [("status", ["active"]), ("page_size", ["7"])]))
        #expect(listed == ListPatientsRequest(status: .active, pageSize: 7))
        let delete = try route("DELETE", "/v1/doctors/{doctor_id}")
        let deleted = try request(
            DeleteDoctorRequest.self, delete, input(path: [("doctor_id", "doc_1")], query: [("strategy", ["cancel"])]))
        #expect(deleted == DeleteDoctorRequest(doctorID: "doc_1", strategy: .cancel))
    }

    @Test func `what a body names is what changes, null clears`() throws {
        let update = try route("PATCH", "/v1/patients/{patient_id}")
        let request = try request(
            UpdatePatientRequest.self, update, input(path: [("patient_id", "pat_1")], body: #"{"email":null,"name":"Asha"}"#, version: 4))
        #expect(request.patientID == "pat_1")
        #expect(request.patient == PatientChanges(name: "Asha"))
        #expect(request.updateMask?.paths == ["email", "name"])
        #expect(request.expectedVersion == 4)
        #expect(request.violations().isEmpty)
    }

    @Test func `clearing what cannot be cleared is a violation in the caller's words`() throws {
        let update = try route("PATCH", "/v1/patients/{patient_id}")
        let request = try request(UpdatePatientRequest.self, update, input(path: [("patient_id", "pat_1")], body: #"{"name":null}"#))
        let violation = try #require(request.violations().all.first)
        #expect(violation == FieldViolation(field: "patient.name", message: "cannot be cleared"))
        #expect(update.publicName(ofField: violation.field) == "name")
        #expect(update.publicName(ofField: "patient_id") == "patient_id")
    }

    @Test func `all that is wrong with parameters is told at once`() throws {
        let list = try route("GET", "/v1/patients")
        let query = [("page_size", ["x"]), ("status", ["dead"]), ("limit", ["1"]), ("query", ["a", "b"]), ("SECRET VALUE", ["1"])]
        #expect(
            violations(list, input(query: query)) == [
                "page_size must be a whole number from -2147483648 to 2147483647", "status must be one of ACTIVE, INACTIVE",
                "limit is not known",
                "query is given more than once", "query has a parameter that is not known",
            ])
    }

    @Test func `a header's or path's field is not a parameter`() throws {
        let update = try route("PATCH", "/v1/patients/{patient_id}")
        let query = [("expected_version", ["1"]), ("update_mask", ["name"]), ("patient_id", ["pat_2"]), ("patient.name", ["A"])]
        #expect(violations(update, input(path: [("patient_id", "pat_1")], query: query, body: "{}")).count == 4)
    }

    @Test func `a body may not give what the path gives`() throws {
        let schedule = try route("PUT", "/v1/doctors/{doctor_id}/schedule")
        let body = #"{"doctor_id":"doc_2","working_hours":[]}"#
        #expect(
            violations(schedule, input(path: [("doctor_id", "doc_1")], body: body)) == [
                "doctor_id is given by the path or a header, not by the body"
            ])
    }

    @Test(
        arguments: [
            (nil, "body is required"), ("", "body is required"), ("[]", "body must be an object"), ("{", "body ends too early"),
            ("{}x", "body is not valid JSON at byte 2"),
            (#"{"nme":1}"#, "nme is not known"), (#"{"patient":{}}"#, "patient is not known"), ("null", "body must be an object"),
        ] as [(String?, String)])
    func `a body that cannot be read is refused`(body: String?, violation: String) throws {
        let update = try route("PATCH", "/v1/patients/{patient_id}")
        #expect(violations(update, input(path: [("patient_id", "pat_1")], body: body)) == [violation])
    }

    @Test func `a body where none belongs is refused`() throws {
        let get = try route("GET", "/v1/patients/{patient_id}")
        #expect(violations(get, input(path: [("patient_id", "pat_1")], body: "{}")) == ["body must be empty"])
    }

    @Test func `the answer shows the resource, its version and where it is`() throws {
        let create = try route("POST", "/v1/doctors/{doctor_id}/leaves")
        let leave = Leave(leaveID: "lev_1/2", doctorID: "doc_1", reason: "rest", version: 5)
        let output = try create.decodeResponse(CreateLeaveResponse(leave: leave).payload())
        #expect(output.json == (try leave.json()))
        #expect(output.version == 5)
        #expect(output.location == "/v1/doctors/doc_1/leaves/lev_1%2F2")
    }

    @Test func `an answer without its resource is an error, one without fields is empty`() throws {
        let get = try route("GET", "/v1/patients/{patient_id}")
        #expect(throws: MissingResource.self) { try get.decodeResponse(GetPatientResponse().payload()) }
        let delete = try route("DELETE", "/v1/patients/{patient_id}")
        #expect(delete.status == 204)
        #expect(try delete.decodeResponse(DeletePatientResponse().payload()).json.isEmpty)
    }
}
