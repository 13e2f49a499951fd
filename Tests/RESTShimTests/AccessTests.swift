import Contracts
import PublicRoutes
import RPC
import Routes
import ServiceKit
import Testing

@testable import RESTShim

@Suite(.timeLimit(.minutes(10))) struct AccessTests {
    @Test func `a request without a token is told that one is needed`() async throws {
        try await Shim.run { shim async throws in
            let answer = try await shim.ask("GET", "/v1/samples", role: nil)
            #expect(answer.status == 401 && answer.code == "UNAUTHENTICATED")
            #expect(answer["WWW-Authenticate"] == #"Bearer realm="hms""#)
        }
    }

    @Test(arguments: ["Bearer abc", "Bearer ", "Bearer", "Basic dXNlcjpwYXNz", "Bearer a.b.c", "bearer\tx"])
    func `a token that isn't one is refused as such`(authorization: String) async throws {
        let channel = FakeChannel()
        try await Shim.run(channel: channel) { shim async throws in
            let answer = try await shim.ask("GET", "/v1/samples", ["Authorization": authorization])
            #expect(answer.status == 401)
            #expect(answer["WWW-Authenticate"]?.contains(#"error="invalid_token""#) == true)
            #expect(channel.calls.isEmpty)
        }
    }

    @Test func `the scheme of a token is read in any case`() async throws {
        try await Shim.run { shim async throws in
            let token = try await shim.token()
            #expect(try await shim.ask("GET", "/v1/samples", ["Authorization": "bEARER \(token)"]).status == 200)
        }
    }

    @Test(arguments: ["Bearer", "bearer", "BEARER", "bEaReR"])
    func `a scheme in any case is good enough for the services behind the door, too`(scheme: String) async throws {
        try await PlayedServices.run { hospital async throws in
            try await hospital.withShim { shim async throws in
                let fields = ["Authorization": "\(scheme) \(try await shim.token())"]
                #expect(try await shim.ask("GET", "/v1/patients", fields).status == 200)
                #expect(hospital.calls.last?.principal == Principal(subject: "usr_1", role: .reception))
            }
        }
    }

    @Test func `the services behind the door decide for themselves who calls`() async throws {
        try await PlayedServices.run { hospital async throws in
            // A door that would let in whomever its own keys have signed for, before services that know others.
            try await Shim.run(routes: Contracts.routes, channels: hospital.channels) { shim async throws in
                let answer = try await shim.ask("GET", "/v1/patients")
                #expect(answer.status == 401 && answer.code == "UNAUTHENTICATED")
                #expect(hospital.calls.count == 0)
            }
        }
    }

    @Test func `a role that the method doesn't name is turned away before the service hears of it`() async throws {
        let channel = FakeChannel()
        try await Shim.run(channel: channel) { shim async throws in
            let answer = try await shim.ask("GET", "/v1/billing", role: .reception)
            #expect(answer.status == 403 && answer.code == "PERMISSION_DENIED")
            #expect(channel.calls.isEmpty)
            #expect(try await shim.ask("GET", "/v1/billing", role: .billing).status == 200)
            #expect(try await shim.ask("GET", "/v1/billing", role: .admin).status == 200)
        }
    }

    @Test func `a connection is nobody's: each request is answered to whom its own token names`() async throws {
        try await Shim.run { shim async throws in
            try await RawConnection.open(port: shim.port) { connection in
                for role in [CallerRole.billing, .reception, .reception, .billing, nil, .billing] {
                    let field = if let role { "Authorization: Bearer \(try await shim.token(role))\r\n" } else { "" }
                    try await connection.send("GET /v1/billing HTTP/1.1\r\nHost: h\r\n\(field)\r\n")
                    let status = try await connection.answer().status
                    #expect(status == (role == nil ? 401 : role == .billing ? 200 : 403))
                }
            }
            #expect(shim.log.entries.map { $0["role"] as? String } == ["billing", nil, nil, "billing", nil, "billing"])
        }
    }

    @Test(arguments: CallerRole.allCases)
    func `a method that names no role is closed to everybody`(role: CallerRole) async throws {
        try await Shim.run { shim async throws in
            #expect(try await shim.ask("GET", "/v1/closed", role: role).status == 403)
        }
    }

    @Test func `who may not come in learns nothing of his body's faults`() async throws {
        try await Shim.run { shim async throws in
            #expect(try await shim.ask("POST", "/v1/samples", ["Content-Type": "text/plain"], body: "x", role: nil).status == 401)
            #expect(try await shim.ask("POST", "/v1/samples?x=y", body: "x", role: .billing).status == 403)
        }
    }

    @Test func `the access log tells each request without telling of persons`() async throws {
        try await Shim.run { shim async throws in
            _ = try await shim.ask("GET", "/v1/samples?query=asha", ["X-Correlation-ID": "c-1"])
            _ = try await shim.ask("GET", "/v1/samples/s_17", ["X-Correlation-ID": "c-2"], role: .billing)
            let entries = shim.log.entries
            #expect(entries.map { $0["correlation_id"] as? String } == ["c-1", "c-2"])
            #expect(entries.map { $0["route"] as? String } == ["/v1/samples", "/v1/samples/{sample_id}"])
            #expect(entries.map { $0["status"] as? Int } == [200, 403])
            #expect(entries.map { $0["role"] as? String } == ["reception", nil])
            #expect(entries[1]["code"] as? String == "PERMISSION_DENIED")
            #expect(entries[0]["subject"] as? String == "usr_1")
            #expect(entries.allSatisfy { $0["duration_ms"] is Double && $0["method"] as? String == "GET" })
            #expect(!shim.log.all.contains("asha") && !shim.log.all.contains("s_17"))
        }
    }

    @Test(arguments: [("HTTP/2.0", 505, "info"), ("HTTP/1.1", 503, "error")])
    func `the access log calls an error what the hospital has to answer for`(version: String, status: Int, level: String) async throws {
        let channel = FakeChannel { _ in throw RPCError.unavailable("The patient service is away.") }
        try await Shim.run(channel: channel) { shim async throws in
            let token = try await shim.token()
            try await RawConnection.open(port: shim.port) { connection in
                try await connection.send("GET /v1/samples \(version)\r\nHost: h\r\nAuthorization: Bearer \(token)\r\n\r\n")
                #expect(try await connection.answer().status == status)
            }
            #expect(shim.log.entries.map { $0["level"] as? String } == [level])
        }
    }
}
