import Contracts
import NIOCore
import PublicRoutes
import RPC
import Routes
import ServiceKit
import Testing

@testable import RESTShim

/// What breaks HTTP, or a limit, is answered as the API's description says of the operation.
@Suite(.timeLimit(.minutes(10))) struct DescriptionTests {
    struct Breach: CustomTestStringConvertible, Sendable {
        let status: Int
        var targetSuffix = ""
        var fields: [(String, String)] = []
        var version = "1.1"

        var testDescription: String { "\(status)" }
    }

    static let breaches = [
        Breach(status: 400, fields: [("Host", "again")]),
        Breach(status: 413, fields: [("Content-Length", "1048577")]),
        Breach(status: 414, targetSuffix: "?query=" + String(repeating: "a", count: 9_000)),
        Breach(status: 417, fields: [("Expect", "200-maybe")]),
        Breach(status: 431, fields: (0..<101).map { ("X-Field-\($0)", "a") }),
        Breach(status: 501, fields: [("Transfer-Encoding", "gzip")]),
        Breach(status: 505, version: "3.0"),
    ]

    @Test(arguments: breaches)
    func `a request that breaks HTTP is answered as described`(breach: Breach) async throws {
        try await Shim.run(routes: Contracts.routes, channels: [:]) { shim async throws in
            let token = try await shim.token(.admin)
            for route in [("POST", "/v1/patients"), ("PATCH", "/v1/patients/pat_1")] {
                let fields = ([("Host", "h"), ("Authorization", "Bearer \(token)")] + breach.fields).map { "\($0.0): \($0.1)\r\n" }
                let head = "\(route.0) \(route.1)\(breach.targetSuffix) HTTP/\(breach.version)\r\n\(fields.joined())\r\n"
                try await RawConnection.open(port: shim.port) { connection in
                    try await connection.send(head)
                    let answer = try await connection.answer()
                    #expect(answer.status == breach.status, "\(answer.text)")
                    let isOfOperation = ![417, 505].contains(breach.status)
                    let faults = try answer.faults(to: isOfOperation ? route.0 : "", route.1)
                    #expect(faults == [])
                }
            }
        }
    }

    @Test func `a request that takes too long to arrive is answered as described`() async throws {
        let configure: (inout RESTServerConfiguration) -> Void = { $0.limits.bodyTimeout = .milliseconds(50) }
        try await Shim.run(routes: Contracts.routes, channels: [:], configure: configure) { shim async throws in
            let token = try await shim.token(.admin)
            try await RawConnection.open(port: shim.port) { connection in
                let fields = "Host: h\r\nAuthorization: Bearer \(token)\r\nContent-Type: application/json\r\nContent-Length: 10\r\n"
                try await connection.send("POST /v1/patients HTTP/1.1\r\n\(fields)\r\n{")
                let answer = try await connection.answer()
                #expect(answer.status == 408)
                #expect(try answer.faults(to: "POST", "/v1/patients") == [])
            }
        }
    }

    @Test func `the pages answer as described`() async throws {
        try await Shim.run(routes: Contracts.routes, channels: ["patient": FakeChannel { _ in throw RPCError.unavailable("down") }]) {
            shim async throws in
            for path in ["/", "/livez", "/readyz", "/openapi.json", "/docs"] {
                #expect(try await shim.ask("GET", path, role: nil).faults(to: "GET", path) == [])
            }
            let tag = try #require(try await shim.ask("GET", "/openapi.json", role: nil)["ETag"])
            let again = try await shim.ask("GET", "/openapi.json", ["If-None-Match": tag], role: nil)
            #expect(again.status == 304)
            #expect(try again.faults(to: "GET", "/openapi.json") == [])
        }
    }

    @Test func `an answer that isn't described is found`() async throws {
        try await Shim.run(routes: Contracts.routes, channels: [:]) { shim async throws in
            let answer = try await shim.ask("GET", "/v1/patients/pat_1", ["X-Timeout-Ms": "0"])
            #expect(try answer.faults(to: "GET", "/v1/patients/pat_1") == [])
            #expect(try answer.faults(to: "GET", "/livez") == ["GET /livez answers 400 INVALID_ARGUMENT"])
            #expect(try answer.faults(to: "GET", "/v1/nothing").count == 1)
        }
    }
}
