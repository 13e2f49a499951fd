import NIOCore
import RPC
import ServiceLifecycle
import Synchronization
import Testing

@testable import RESTShim

/// HTTP/1.1 itself: connections, bodies, limits and time.
@Suite(.timeLimit(.minutes(10))) struct HTTPTests {
    private func get(_ target: String = "/livez", _ fields: String = "") -> String {
        "GET \(target) HTTP/1.1\r\nHost: hospital\r\n\(fields)\r\n"
    }

    // MARK: Connections

    @Test func `a connection carries one request after another`() async throws {
        try await Shim.run { shim async throws in
            try await RawConnection.open(port: shim.port) { connection in
                for _ in 1...3 {
                    try await connection.send(get())
                    let answer = try await connection.answer()
                    #expect(answer.status == 200)
                    #expect(answer["Connection"] == nil)
                    #expect(answer["Date"]?.hasSuffix(" GMT") == true)
                    #expect(answer["X-Content-Type-Options"] == "nosniff")
                }
            }
        }
    }

    @Test func `requests that are sent at once are answered in their order`() async throws {
        let channel = FakeChannel { call in
            // The first takes longest, so that an answer out of turn would show.
            if call.payload == "sample_id=s_0" { for _ in 1...50 { await Task.yield() } }
            return ClientReply(payload: ByteBuffer(string: #"{"location":"\#(call.payload)"}"#))
        }
        try await Shim.run(channel: channel) { shim async throws in
            let token = try await shim.token()
            try await RawConnection.open(port: shim.port) { connection in
                let requests = (0..<500).map { get("/v1/samples/s_\($0)", "Authorization: Bearer \(token)\r\n") }
                try await connection.send(requests.joined())
                for number in 0..<500 {
                    #expect(try await connection.answer()["Location"] == "sample_id=s_\(number)")
                }
            }
        }
    }

    @Test(arguments: [
        ("GET /livez HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n", "close"),
        ("GET /livez HTTP/1.0\r\n\r\n", "close"), ("GET /livez HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", "keep-alive"),
        ("GET /livez HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n", "close"),
    ])
    func `a connection ends or stays as the client asks`(request: String, connection: String) async throws {
        try await Shim.run { shim async throws in
            try await RawConnection.open(port: shim.port) { client in
                try await client.send(request)
                let answer = try await client.answer()
                #expect(answer.status == 200)
                #expect(answer["Connection"] == connection)
                guard connection == "keep-alive" else { return #expect(await client.rest().isEmpty) }
                try await client.send(request)
                #expect(try await client.answer().status == 200)
            }
        }
    }

    @Test func `a client that has finished sending still gets its answer`() async throws {
        let channel = FakeChannel { _ in
            for _ in 1...50 { await Task.yield() }
            return ClientReply(payload: ByteBuffer(string: "{}"))
        }
        try await Shim.run(channel: channel) { shim async throws in
            let token = try await shim.token()
            try await RawConnection.open(port: shim.port) { connection in
                try await connection.send(get("/v1/samples", "Authorization: Bearer \(token)\r\n"))
                try await connection.finishSending()
                #expect(try await connection.answer().status == 200)
                #expect(await connection.rest().isEmpty)
            }
        }
    }

    @Test func `a client that leaves takes its call with it`() async throws {
        let (started, tellStarted) = AsyncStream.makeStream(of: Void.self)
        let (cancelled, tellCancelled) = AsyncStream.makeStream(of: Void.self)
        let channel = FakeChannel { _ in
            tellStarted.yield()
            try? await Task.sleep(for: .seconds(60))
            if Task.isCancelled { tellCancelled.yield() }
            throw RPCError.cancelled
        }
        try await Shim.run(channel: channel, configure: { $0.limits.disconnectGrace = .milliseconds(1) }) { shim async throws in
            let token = try await shim.token()
            try await RawConnection.open(port: shim.port) { connection in
                try await connection.send(get("/v1/samples", "Authorization: Bearer \(token)\r\n"))
                for await _ in started { break }
            }
            for await _ in cancelled { break }
        }
    }

    // MARK: Bodies

    @Test func `an announced body over the limit is refused before any of it is sent`() async throws {
        try await Shim.run { shim async throws in
            try await RawConnection.open(port: shim.port) { connection in
                try await connection.send("POST /v1/samples HTTP/1.1\r\nHost: h\r\nContent-Length: 1048577\r\n\r\n")
                let answer = try await connection.answer()
                #expect(answer.status == 413 && answer.code == "BODY_TOO_LARGE")
                #expect(answer["Connection"] == "close")
            }
        }
    }

    @Test func `a chunked body over the limit is refused while it comes in, and the answer isn't lost`() async throws {
        try await Shim.run { shim async throws in
            let token = try await shim.token()
            try await RawConnection.open(port: shim.port) { connection in
                let fields = "Authorization: Bearer \(token)\r\nTransfer-Encoding: chunked\r\n"
                try await connection.send("POST /v1/samples HTTP/1.1\r\nHost: h\r\n\(fields)\r\n")
                let chunk = "10000\r\n" + String(repeating: "x", count: 65536) + "\r\n"
                for _ in 1...17 { try await connection.send(chunk) }
                #expect(try await connection.answer().status == 413)
            }
        }
    }

    @Test(arguments: [1_048_576, 1_048_577])
    func `a body of exactly the limit is taken, whole or in chunks`(byteCount: Int) async throws {
        try await Shim.run { shim async throws in
            let token = try await shim.token()
            let body = #"{"a":""# + String(repeating: "x", count: byteCount - 8) + #""}"#
            let head = "POST /v1/samples HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer \(token)\r\nContent-Type: application/json\r\n"
            let size = String(byteCount, radix: 16)
            for request in [
                "Content-Length: \(byteCount)\r\n\r\n\(body)", "Transfer-Encoding: chunked\r\n\r\n\(size)\r\n\(body)\r\n0\r\n\r\n",
            ] {
                try await RawConnection.open(port: shim.port) { connection in
                    try await connection.send(head + request)
                    #expect(try await connection.answer().status == (byteCount > 1_048_576 ? 413 : 201))
                }
            }
        }
    }

    @Test func `a client that waits to be asked for its body is asked`() async throws {
        let channel = FakeChannel()
        try await Shim.run(channel: channel) { shim async throws in
            let token = try await shim.token()
            try await RawConnection.open(port: shim.port) { connection in
                let fields =
                    "Authorization: Bearer \(token)\r\nContent-Type: application/json\r\nContent-Length: 2\r\nExpect: 100-continue\r\n"
                try await connection.send("POST /v1/samples HTTP/1.1\r\nHost: h\r\n\(fields)\r\n")
                #expect(try await connection.answer().status == 100)
                try await connection.send("{}")
                #expect(try await connection.answer().status == 201)
            }
        }
    }

    // MARK: Time

    @Test(arguments: [
        "GET /livez HTTP/1.1\r\nHo", "POST /v1/samples HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\nAuthorization: TOKEN\r\n\r\n{",
    ])
    func `a client that stops halfway through a request is told so and left`(sent: String) async throws {
        let configure = { (configuration: inout RESTServerConfiguration) in
            configuration.limits.headTimeout = .milliseconds(40)
            configuration.limits.bodyTimeout = .milliseconds(40)
        }
        try await Shim.run(configure: configure) { shim async throws in
            let token = try await shim.token()
            try await RawConnection.open(port: shim.port) { connection in
                try await connection.send(sent.replacing("TOKEN", with: "Bearer \(token)"))
                let answer = try await connection.answer()
                #expect(answer.status == 408 && answer.code == "REQUEST_TIMEOUT")
                #expect(await connection.rest().isEmpty)
            }
        }
    }

    @Test func `a connection that never says anything is closed`() async throws {
        try await Shim.run(configure: { $0.limits.firstRequestTimeout = .milliseconds(40) }) { shim async throws in
            try await RawConnection.open(port: shim.port) { connection in
                #expect(await connection.rest().isEmpty)
            }
        }
    }

    @Test func `a connection that rests too long is closed without a word`() async throws {
        try await Shim.run(configure: { $0.limits.idleTimeout = .milliseconds(40) }) { shim async throws in
            try await RawConnection.open(port: shim.port) { connection in
                try await connection.send(get())
                #expect(try await connection.answer().status == 200)
                #expect(await connection.rest().isEmpty)
            }
        }
    }

    @Test func `stopping lets the request under way finish and closes what rests`() async throws {
        let (started, tellStarted) = AsyncStream.makeStream(of: Void.self)
        let (going, letGo) = AsyncStream.makeStream(of: Void.self)
        let channel = FakeChannel { _ in
            tellStarted.yield()
            for await _ in going { break }
            return ClientReply(payload: ByteBuffer(string: "{}"))
        }
        try await Shim.run(channel: channel) { shim async throws in
            let token = try await shim.token()
            try await RawConnection.open(port: shim.port) { resting in
                try await resting.send(get())
                _ = try await resting.answer()
                try await RawConnection.open(port: shim.port) { busy in
                    try await busy.send(get("/v1/samples", "Authorization: Bearer \(token)\r\n"))
                    for await _ in started { break }
                    await shim.group.triggerGracefulShutdown()
                    #expect(await resting.rest().isEmpty)
                    letGo.yield()
                    let answer = try await busy.answer()
                    #expect(answer.status == 200)
                    // The answer says so only where the connection had heard of the end when it was written.
                    #expect(answer["Connection"] == nil || answer["Connection"] == "close")
                    #expect(await busy.rest().isEmpty)
                }
            }
        }
    }
}
