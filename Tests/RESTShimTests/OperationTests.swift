import Contracts
import PublicRoutes
import RPC
import ServiceKit
import Testing

@testable import RESTShim

/// What an operator asks of the whole hospital.
@Suite(.timeLimit(.minutes(10))) struct OperationTests {
    private static let trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"

    /// A shim before services that answer, and one request of somebody, which is traced.
    private func afterOneRequest(_ body: (Shim) async throws -> Void) async throws {
        try await PlayedServices.run { hospital async throws in
            // All names lead to the one host that plays every service: it is asked once.
            let one = hospital.channels.filter { $0.key == "patient" }
            try await Shim.run(hospital.identity, routes: Contracts.routes, channels: one) { shim async throws in
                let fields = ["X-Correlation-ID": "desk-7", "traceparent": Self.trace]
                #expect(try await shim.ask("GET", "/v1/patients/pat_01h455vb4pex5vsknk084sn02q", fields).status == 200)
                try await body(shim)
            }
        }
    }

    private static let endpoints = [
        ("GET", "/ops/traces/desk-7"), ("GET", "/ops/requests"), ("GET", "/ops/overview"), ("GET", "/ops/dead-letters"),
        ("POST", "/ops/dead-letters/patient/revive"),
    ]

    @Test func `nobody but an administrator learns anything`() async throws {
        try await afterOneRequest { shim async throws in
            for (method, path) in Self.endpoints {
                #expect(try await shim.ask(method, path, role: nil).status == 401, "\(path)")
                for role in CallerRole.allCases where role != .admin {
                    let answer = try await shim.ask(method, path, body: method == "POST" ? "{\"all\":true}" : nil, role: role)
                    #expect(answer.status == 403 && answer.code == "PERMISSION_DENIED", "\(path) as \(role)")
                }
            }
        }
    }

    @Test func `a request is one picture, from the public door into the service`() async throws {
        try await afterOneRequest { shim async throws in
            let answer = try await shim.ask("GET", "/ops/traces/desk-7", role: .admin)
            #expect(answer.status == 200 && answer["Cache-Control"] == "no-store")
            #expect(answer.json["trace_ids"] as? [String] == ["0af7651916cd43dd8448eb211c80319c"])
            #expect(answer.json["silent"] as? [String] == [])
            let spans = try #require(answer.json["spans"] as? [[String: Any]])
            let door = try #require(spans.first { $0["service"] as? String == "rest" && $0["kind"] as? String == "server" })
            #expect(door["name"] as? String == "GET /v1/patients/{patient_id}" && door["code"] as? String == "200")
            #expect(door["parent_span_id"] as? String == "b7ad6b7169203331")
            let call = try #require(spans.first { $0["service"] as? String == "everything" && $0["kind"] as? String == "server" })
            #expect(call["name"] as? String == "hms.patient.v1.PatientService/GetPatient" && call["correlation_id"] as? String == "desk-7")
            // The same by the trace's id.
            let byTrace = try await shim.ask("GET", "/ops/traces/0af7651916cd43dd8448eb211c80319c", role: .admin)
            #expect((byTrace.json["spans"] as? [Any])?.count == spans.count)
        }
    }

    @Test func `a request that left nothing is not found, and a name that can't be one neither`() async throws {
        try await afterOneRequest { shim async throws in
            let unknown = try await shim.ask("GET", "/ops/traces/desk-8", role: .admin)
            #expect(unknown.status == 404 && unknown.code == "TRACE_NOT_FOUND")
            let odd = try await shim.ask("GET", "/ops/traces/a%20b", role: .admin)
            #expect(odd.status == 404 && odd.code == "ROUTE_NOT_FOUND")
        }
    }

    @Test func `requests are listed without their paths, which may name somebody`() async throws {
        try await afterOneRequest { shim async throws in
            let answer = try await shim.ask("GET", "/ops/requests", role: .admin)
            let requests = try #require(answer.json["requests"] as? [[String: Any]])
            #expect(requests.map { $0["name"] as? String } == ["GET /v1/patients/{patient_id}"])
            #expect(!answer.text.contains("pat_01h455vb4pex5vsknk084sn02q"))
        }
    }

    @Test func `every process says what it has done`() async throws {
        try await afterOneRequest { shim async throws in
            let answer = try await shim.ask("GET", "/ops/overview", role: .admin)
            let processes = try #require(answer.json["processes"] as? [[String: Any]])
            #expect(processes.map { $0["service"] as? String } == ["rest", "everything"])
            #expect((processes.last?["calls"] as? Int ?? 0) >= 1)
        }
    }

    @Test func `a service that is away is named, and the others are told of`() async throws {
        try await Shim.run(routes: [], channels: ["patient": FakeChannel { _ in throw RPCError.unavailable("down") }]) {
            shim async throws in
            let answer = try await shim.ask("GET", "/ops/overview", role: .admin)
            #expect(answer.status == 200 && answer.json["silent"] as? [String] == ["patient"])
        }
    }

    @Test func `dead letters are listed and revived, those of a service that there is`() async throws {
        try await afterOneRequest { shim async throws in
            let none = try await shim.ask("GET", "/ops/dead-letters", role: .admin)
            #expect((none.json["dead_letters"] as? [Any])?.isEmpty == true)
            let revive = "/ops/dead-letters/patient/revive"
            #expect(try await shim.ask("POST", revive, body: "{\"all\":true}", role: .admin).json["revived"] as? Int == 0)
            #expect(try await shim.ask("POST", revive, body: "{}", role: .admin).status == 400)
            #expect(try await shim.ask("POST", revive, body: "[", role: .admin).status == 400)
            #expect(try await shim.ask("POST", revive, ["Content-Type": "text/plain"], body: "{\"all\":true}", role: .admin).status == 415)
            #expect(try await shim.ask("POST", "/ops/dead-letters/nobody/revive", body: "{\"all\":true}", role: .admin).status == 404)
        }
    }

    @Test(arguments: ["/ops", "/ops/traces/desk-7"])
    func `a browser is shown a page that holds nothing of the hospital and lets nothing else run`(path: String) async throws {
        try await afterOneRequest { shim async throws in
            let page = try await shim.ask("GET", path, ["Accept": "text/html,application/xhtml+xml,*/*;q=0.8"], role: nil)
            #expect(page.status == 200 && page["Content-Type"] == "text/html; charset=utf-8" && page["Vary"] == "Accept")
            let policy = try #require(page["Content-Security-Policy"])
            let nonce = try #require(policy.firstMatch(of: /script-src 'nonce-([a-z0-9]+)'/)?.1)
            #expect(policy.contains("default-src 'none'") && page.text.contains("<script nonce=\"\(nonce)\">"))
            #expect(!page.text.contains("{{") && !page.text.contains("desk-7"))
            #expect(page.text.firstMatch(of: /(src|href|url)\s*[=(]\s*["']?(https?:)?\/\//) == nil)
        }
    }

    @Test func `what operators ask leaves no spans of its own`() async throws {
        try await afterOneRequest { shim async throws in
            for _ in 0..<3 { _ = try await shim.ask("GET", "/ops/requests", ["traceparent": Self.trace], role: .admin) }
            let requests = try await shim.ask("GET", "/ops/requests", role: .admin).json["requests"] as? [Any]
            #expect(requests?.count == 1)
        }
    }
}
