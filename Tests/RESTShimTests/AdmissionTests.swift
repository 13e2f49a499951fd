import NIOCore
import RPC
import ServiceKit
import Testing

@testable import RESTShim

/// Who may come in is decided by the header: nobody sends a body before, and all bodies together have a limit.
@Suite(.timeLimit(.minutes(10))) struct AdmissionTests {
    private func post(_ target: String = "/v1/samples", token: String?, _ fields: String) -> String {
        let authorization = token.map { "Authorization: Bearer \($0)\r\n" } ?? ""
        return "POST \(target) HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\n\(authorization)\(fields)\r\n"
    }

    /// The body is never sent: an answer that waited for it would never come.
    @Test(arguments: ["Content-Length: 1000000\r\n", "Transfer-Encoding: chunked\r\n", "Content-Length: 9\r\nExpect: 100-continue\r\n"])
    func `who may not come in is told so by his header, and his body is not asked for`(fields: String) async throws {
        let channel = FakeChannel()
        try await Shim.run(channel: channel) { shim async throws in
            let (reception, billing) = (try await shim.token(), try await shim.token(.billing))
            let requests: [(String, Int)] = [
                (post(token: nil, fields), 401), (post(token: "a.b.c", fields), 401), (post(token: billing, fields), 403),
                (post("/v1/nowhere", token: reception, fields), 404), (post("/v1/billing", token: reception, fields), 405),
                (post("/livez", token: nil, fields), 405),
                ("GET /livez HTTP/1.1\r\nHost: h\r\n\(fields)\r\n", 400), ("OPTIONS /v1/samples HTTP/1.1\r\nHost: h\r\n\(fields)\r\n", 400),
                ("OPTIONS * HTTP/1.1\r\nHost: h\r\n\(fields)\r\n", 400),
            ]
            for (request, status) in requests {
                try await RawConnection.open(port: shim.port) { connection in
                    try await connection.send(request)
                    let answer = try await connection.answer()
                    #expect(answer.status == status, "\(request)")
                    #expect(answer["Connection"] == "close")
                    #expect(await connection.rest().isEmpty)
                }
            }
            #expect(channel.calls.isEmpty)
        }
    }

    @Test func `who sends his body all the same is still told why he may not come in`() async throws {
        try await Shim.run { shim async throws in
            try await RawConnection.open(port: shim.port) { connection in
                try await connection.send(post(token: nil, "Content-Length: 1000000\r\n"))
                // The shim may have closed before everything is sent.
                for _ in 1...15 { try? await connection.send(String(repeating: "x", count: 65536)) }
                #expect(try await connection.answer().status == 401)
            }
        }
    }

    @Test func `a client of HTTP 1.0 is not told to continue`() async throws {
        try await Shim.run { shim async throws in
            let token = try await shim.token()
            try await RawConnection.open(port: shim.port) { connection in
                let fields =
                    "Authorization: Bearer \(token)\r\nContent-Type: application/json\r\nContent-Length: 2\r\nExpect: 100-continue\r\n"
                try await connection.send("POST /v1/samples HTTP/1.0\r\n\(fields)\r\n{}")
                #expect(try await connection.answer().status == 201)
            }
        }
    }

    // MARK: All bodies together

    /// Waits until the shim has let the body in.
    private func announce(_ byteCount: Int, _ token: String, on connection: RawConnection) async throws {
        try await connection.send(post(token: token, "Content-Length: \(byteCount)\r\nExpect: 100-continue\r\n"))
        #expect(try await connection.answer().status == 100)
    }

    @Test func `a body for which others leave no room is refused before it is sent`() async throws {
        let log = CapturedLog()
        try await Shim.run(logger: log.logger, configure: { $0.limits.bodyBudget = 1 << 20 }) { shim async throws in
            let token = try await shim.token()
            try await RawConnection.open(port: shim.port) { first in
                try await announce((1 << 20) - 8, token, on: first)
                try await RawConnection.open(port: shim.port) { second in
                    try await second.send(post(token: token, "Content-Length: 9\r\nExpect: 100-continue\r\n"))
                    let answer = try await second.answer()
                    #expect(answer.status == 503 && answer.code == "OVERLOADED")
                    #expect(answer["Retry-After"] == "1" && answer["Connection"] == "close")
                }
                #expect(try await shim.ask("POST", "/v1/samples", body: "{}      ").status == 201)
                try await first.send("{}" + String(repeating: " ", count: (1 << 20) - 10))
                #expect(try await first.answer().status == 201)
                #expect(try await shim.ask("POST", "/v1/samples", body: "{}       ").status == 201)
            }
            #expect(log.all.contains("The door is crowded body_refused=1"))
        }
    }

    @Test func `a body whose length nobody knew is refused where it outgrows what others leave`() async throws {
        try await Shim.run(configure: { $0.limits.bodyBudget = 1 << 20 }) { shim async throws in
            let token = try await shim.token()
            try await RawConnection.open(port: shim.port) { first in
                try await announce((1 << 20) - 65536, token, on: first)
                try await RawConnection.open(port: shim.port) { second in
                    try await second.send(post(token: token, "Transfer-Encoding: chunked\r\nExpect: 100-continue\r\n"))
                    #expect(try await second.answer().status == 100)
                    try await second.send("10000\r\n" + String(repeating: " ", count: 65536) + "\r\n")
                    try await second.send("1\r\n \r\n")
                    #expect(try await second.answer().status == 503)
                }
            }
        }
    }

    @Test func `one address leaves room for the bodies of others`() async throws {
        let configure = { (configuration: inout RESTServerConfiguration) in
            configuration.limits.connectionCount = 8
            configuration.limits.connectionShare = 2
            configuration.limits.bodyBudget = 4 << 20
        }
        try await Shim.run(configure: configure) { shim async throws in
            let token = try await shim.token()
            try await RawConnection.open(port: shim.port) { first in
                try await announce(1 << 20, token, on: first)
                #expect(try await shim.ask("POST", "/v1/samples", body: "{}").status == 503)
            }
        }
    }

    @Test func `a client that leaves gives back the room of his body`() async throws {
        try await Shim.run(configure: { $0.limits.bodyBudget = 1 << 20 }) { shim async throws in
            let token = try await shim.token()
            try await RawConnection.open(port: shim.port) { connection in
                try await announce(1 << 20, token, on: connection)
                #expect(try await shim.ask("POST", "/v1/samples", body: "{}").status == 503)
            }
            // The shim hears of the end a moment later.
            while try await shim.ask("POST", "/v1/samples", body: "{}").status != 201 { await Task.yield() }
        }
    }

    @Test func `what is taken of the budget comes back to nothing`() {
        let budget = BodyBudget(total: 100, share: 60)
        let (one, other) = (ClientAddress.ipv4(1), ClientAddress.ipv4(2))
        #expect(budget.take(60, for: one) && !budget.take(1, for: one))
        #expect(!budget.take(41, for: other) && budget.take(40, for: other))
        #expect(budget.taken == 100 && budget.take(0, for: one))
        budget.giveBack(60, of: one)
        budget.giveBack(40, of: other)
        #expect(budget.taken == 0 && budget.take(60, for: other))
    }
}
