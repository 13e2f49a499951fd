import Contracts
import FieldChecks
import NIOCore
import ProtobufC
import ProtobufJSON
import PublicRoutes
import RPC
import Routes
import Testing

/// A filter that says nothing is an error, never "all": on every route that reads its request from the query.
@Suite("Filters that say nothing")
struct FilterTests {
    /// The requests of the routes with a query. A route that isn't here fails.
    static let requests: [String: any CheckedMessage.Type] = [
        "/v1/patients": ListPatientsRequest.self, "/v1/doctors": ListDoctorsRequest.self,
        "/v1/doctors/{doctor_id}": DeleteDoctorRequest.self, "/v1/doctors/{doctor_id}/leaves": ListLeavesRequest.self,
        "/v1/slots": ListSlotsRequest.self, "/v1/appointments": ListAppointmentsRequest.self,
        "/v1/reports/appointments": ReportAppointmentsRequest.self, "/v1/bills": ListBillsRequest.self,
        "/v1/reports/revenue": ReportRevenueRequest.self, "/v1/payments": ListPaymentsRequest.self,
        "/v1/payments/{payment_id}/refunds": ListRefundsRequest.self, "/v1/prescriptions": ListPrescriptionsRequest.self,
        "/v1/notifications": ListNotificationsRequest.self, "/v1/audit": ListAuditedCallsRequest.self,
        "/v1/events": ListEventsRequest.self, "/v1/webhooks": ListWebhooksRequest.self,
        "/v1/webhooks/{webhook_id}/deliveries": ListWebhookDeliveriesRequest.self,
    ]

    static let parameters = Contracts.routes.flatMap { route in route.queryFields.map { (route: route, name: $0) } }

    @Test func `every route with a query is looked at`() {
        #expect(Set(Self.parameters.map(\.route.pattern)) == Set(Self.requests.keys))
        #expect(Self.parameters.count > 40)
    }

    @Test(arguments: parameters.indices)
    func `an empty parameter is refused by its name`(index: Int) {
        let (route, name) = Self.parameters[index]
        let error = #expect(throws: InvalidRequest.self, "\(route.pattern)?\(name)=") {
            try route.encodeRequest(RouteInput(query: [(name: name, values: [""])]))
        }
        #expect(error?.violations == [FieldViolation(field: name, message: "must not be empty")])
    }

    @Test(arguments: parameters.indices)
    func `an empty one among several is refused too`(index: Int) {
        let (route, name) = Self.parameters[index]
        #expect(throws: InvalidRequest.self) { try route.encodeRequest(RouteInput(query: [(name: name, values: ["a", ""])])) }
    }

    /// What looks like something and is nothing, to whoever calls, over HTTP or not.
    @Test(arguments: ["", " ", "\t", "\0", "\u{00A0}", "UNSPECIFIED"])
    func `a filter that is there and blank breaks the request's rules`(text: String) throws {
        for (route, name) in Self.parameters where name != "page_token" {
            guard text == "UNSPECIFIED" else {
                let request = try #require(Self.requests[route.pattern])
                expectRefusal(of: text, for: name, in: request)
                continue
            }
            guard ["status", "channel", "strategy", "group_by"].contains(name) else { continue }
            #expect(throws: InvalidRequest.self) { try route.encodeRequest(RouteInput(query: [(name: name, values: [text])])) }
        }
    }

    private func expectRefusal<Request: CheckedMessage>(of text: String, for name: String, in type: Request.Type) {
        var request = Request()
        guard (try? request.set(name, text: [text])) != nil else { return }
        let violations = request.violations()
        let isNamed = violations.all.contains { $0.field == name }
        let isWrongKind = name.hasSuffix("_id") && violations.notFoundCode != nil
        #expect(isNamed || (isWrongKind && !text.isEmpty), "\(Request.fullName).\(name) may be \(text.debugDescription)")
    }

    @Test func `the member of a choice says something too`() {
        var request = ListAvailabilityRequest(of: .department(""))
        request.from = ProtobufTimestamp(seconds: 1)
        request.to = ProtobufTimestamp(seconds: 2)
        #expect(request.violations().all == [FieldViolation(field: "department", message: "is required")])
    }
}
