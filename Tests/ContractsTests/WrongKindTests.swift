import Contracts
import FieldChecks
import HMSTestKit
import NIOCore
import PublicRoutes
import RPC
import Routes
import Testing
import UnimplementedServices

/// An id of the wrong kind names nothing: 404 with the code of what was looked for, wherever the id stands.
@Suite("Ids of the wrong kind", .timeLimit(.minutes(10))) struct WrongKindTests {
    private let hospital = InProcessChannel(services: UnimplementedServices.services)

    /// How a call ends: `UNIMPLEMENTED` where the request has passed every check.
    private func ending(_ route: Route, _ input: RouteInput) async throws -> String {
        do {
            _ = try await hospital.call(route.method, route.encodeRequest(input), CallOptions())
            return "OK"
        } catch let error as RPCError {
            return "\(error.code) \(error.reason)"
        }
    }

    private func code(of field: String) -> String {
        "notFound \(field.dropLast("_id".count).uppercased())_NOT_FOUND"
    }

    private static let prefixes = [
        "patient_id": "pat", "doctor_id": "doc", "leave_id": "lev", "appointment_id": "apt", "bill_id": "bil", "payment_id": "pay",
        "prescription_id": "rx", "notification_id": "ntf", "webhook_id": "whk", "delivery_id": "dlv",
    ]

    private func pathInput(_ route: Route, wrong: String?) -> RouteInput {
        let names = route.path.compactMap { segment in
            if case .field(let name) = segment { name } else { nil }
        }
        return RouteInput(path: names.map { (name: $0, value: ($0 == wrong ? "usr" : Self.prefixes[$0] ?? "?") + "_1") })
    }

    @Test func `in a path`() async throws {
        var seen: Set<String> = []
        for route in Contracts.routes where route.body == .none {
            for case .field(let name) in route.path {
                seen.insert(name)
                let required = route.queryFields.isEmpty || route.queryFields.contains("page_size") || route.httpMethod == "DELETE"
                #expect(required)
                #expect(try await ending(route, pathInput(route, wrong: name)) == code(of: name), "\(route.pattern)")
                #expect(try await ending(route, pathInput(route, wrong: nil)) == "unimplemented UNIMPLEMENTED", "\(route.pattern)")
            }
        }
        #expect(seen == Set(Self.prefixes.keys))
    }

    @Test func `in a filter`() async throws {
        var count = 0
        for route in Contracts.routes {
            for name in route.queryFields where name.hasSuffix("_id") && !["recipient_id", "source_id"].contains(name) {
                var input = pathInput(route, wrong: nil)
                input.query = route.pattern == "/v1/slots" ? [("from", ["2030-01-01"]), ("to", ["2030-01-02"])] : []
                let prefix = try #require(Self.prefixes[name])
                for (text, expected) in [
                    (prefix + "_1", "unimplemented UNIMPLEMENTED"), ("usr_1", code(of: name)), ("1", code(of: name)),
                    (prefix, code(of: name)), (prefix + "_", code(of: name)), (prefix.uppercased() + "_1", code(of: name)),
                    (prefix + "_\(String(repeating: "x", count: 64))", code(of: name)), ("' OR 1=1 --", code(of: name)),
                ] {
                    var input = input
                    input.query.append((name: name, values: [text]))
                    #expect(try await ending(route, input) == expected, "\(route.pattern)?\(name)=\(text)")
                }
                count += 1
            }
        }
        #expect(count == 11)
    }

    @Test(arguments: [
        (
            "/v1/appointments", #"{"patient_id":"doc_1","doctor_id":"doc_1","department":"A","slot_start":"2030-01-01T04:00:00Z"}"#,
            "patient_id"
        ),
        (
            "/v1/appointments", #"{"patient_id":"pat_1","doctor_id":"pat_1","department":"A","slot_start":"2030-01-01T04:00:00Z"}"#,
            "doctor_id"
        ),
        ("/v1/appointments", #"{"patient_id":"x","doctor_id":"y","department":"A","slot_start":"2030-01-01T04:00:00Z"}"#, "patient_id"),
        ("/v1/bills", #"{"appointment_id":"pat_1","kind":"CONSULTATION"}"#, "appointment_id"),
        ("/v1/payments", #"{"bill_id":"pay_1","amount":1,"method":"UPI"}"#, "bill_id"),
        ("/v1/prescriptions", #"{"appointment_id":"apt_1","patient_id":"doc_1","medication":"A","dosage":"1","days":1}"#, "patient_id"),
    ])
    func `in a body`(path: String, body: String, field: String) async throws {
        let route = try #require(Contracts.routes.first { $0.httpMethod == "POST" && $0.pattern == path })
        #expect(try await ending(route, RouteInput(body: ByteBuffer(string: body))) == code(of: field))
    }

    @Test func `what is wrong besides is told first, for it has to be mended first`() async throws {
        let route = try #require(Contracts.routes.first { $0.pattern == "/v1/appointments" && $0.httpMethod == "GET" })
        let input = RouteInput(query: [(name: "patient_id", values: ["doc_1"]), (name: "from", values: ["yesterday"])])
        #expect(try await ending(route, input) == "invalidArgument INVALID_ARGUMENT")
    }

    @Test func `the sentence says what there is not`() {
        #expect(RPCError.notFound("PATIENT_NOT_FOUND").message == "There is no such patient.")
    }
}
