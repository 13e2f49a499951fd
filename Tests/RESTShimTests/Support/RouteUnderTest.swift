import Contracts
import Foundation
import RPC
import Routes
import ServiceKit
import Testing

@testable import RESTShim

/// A route of the contracts and the means to ask it.
struct RouteUnderTest: CustomStringConvertible {
    let route: Route
    let shim: Shim
    let calls: RecordedCalls

    var description: String { "\(route.httpMethod) \(route.pattern)" }

    var takesBody: Bool { route.body != .none }

    /// The path, with an id of the right kind in each place: `pat_1`.
    var target: String {
        route.path.map { segment in
            switch segment {
            case .literal(let text): "/\(text)"
            case .field(let name): "/\(prefixes[name] ?? name)_00000000000000000000000001"
            }
        }.joined()
    }

    private var prefixes: [String: String] {
        [
            "patient_id": "pat", "doctor_id": "doc", "leave_id": "lev", "appointment_id": "apt", "bill_id": "bil", "payment_id": "pay",
            "prescription_id": "rx", "notification_id": "ntf", "webhook_id": "whk", "delivery_id": "dlv",
        ]
    }

    private var goodBody: String? {
        guard takesBody else { return nil }
        let method = route.method.name.split(separator: "/").last.map(String.init) ?? ""
        return EveryRouteTests.bodies[method]
    }

    /// A good request, but for what is given. An empty `suffix` leaves the path as it is.
    func ask(_ fields: [String: String] = [:], suffix: String = "", body: String? = nil, role: CallerRole? = .admin) async throws -> Answer
    {
        var fields = fields
        if route.method.idempotency == .keyRequired, fields["Idempotency-Key"] == nil { fields["Idempotency-Key"] = UUID().uuidString }
        return try await shim.ask(route.httpMethod, target + suffix, fields, body: body ?? goodBody, role: role)
    }

    func expect(_ status: Int, _ code: String, _ answer: Answer) throws {
        #expect(answer.status == status && answer.code == code, "\(self): \(answer.status) \(answer.text.prefix(300))")
        #expect(answer["Content-Type"] == "application/problem+json", "\(self)")
        #expect(answer.json["status"] as? Int == status, "\(self)")
        #expect(answer.json["correlation_id"] as? String == answer["X-Correlation-ID"], "\(self)")
        let isElsewhere = ["ROUTE_NOT_FOUND", "METHOD_NOT_ALLOWED"].contains(code)
        #expect(try answer.faults(to: isElsewhere ? "" : route.httpMethod, target) == [])
    }
}
