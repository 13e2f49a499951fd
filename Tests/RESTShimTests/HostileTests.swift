import Foundation
import NIOCore
import RPC
import SeededRandom
import Testing

@testable import RESTShim

/// What no honest client sends. The shim answers with a problem or closes, and goes on serving others.
@Suite(.timeLimit(.minutes(10))) struct HostileTests {
    @Test(arguments: [
        ("GET /livez HTTP/1.1\r\n\r\n", 400), ("GET /livez HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400),
        ("GET /livez HTTP/2.0\r\nHost: h\r\n\r\n", 505), ("PRI * HTTP/1.1\r\nHost: h\r\n\r\n", 505), ("GET /livez\r\n\r\n", 505),
        ("FETCH /livez HTTP/1.1\r\nHost: h\r\n\r\n", 501), ("get /livez HTTP/1.1\r\nHost: h\r\n\r\n", 501),
        ("PROPFIND /livez HTTP/1.1\r\nHost: h\r\n\r\n", 501), ("G\u{1}T /livez HTTP/1.1\r\nHost: h\r\n\r\n", 400),
        ("\u{16}\u{3}\u{1}\u{2}", 400), ("\r\n\r\n\r\nxx", 400),
        ("GET /livez HTTP/1.1\r\nHost : h\r\n\r\n", 400), ("GET /livez HTTP/1.1\r\n Host: h\r\n\r\n", 400),
        ("GET /livez HTTP/1.1\r\nHost: h\r\nExpect: coffee\r\n\r\n", 417), ("CONNECT h:443 HTTP/1.1\r\nHost: h\r\n\r\n", 400),
        ("TRACE /livez HTTP/1.1\r\nHost: h\r\n\r\n", 405),
    ])
    func `what breaks HTTP is refused as a problem`(request: String, status: Int) async throws {
        try await Shim.run { shim async throws in
            try await RawConnection.open(port: shim.port) { connection in
                try await connection.send(request)
                let answer = try await connection.answer()
                #expect(answer.status == status)
                #expect(answer["Content-Type"] == "application/problem+json")
                #expect(answer.code != nil && answer.json["correlation_id"] != nil)
                #expect(answer["X-Correlation-ID"] != nil)
            }
        }
    }

    /// A front server and this one must never disagree on where a request ends.
    @Test(arguments: [
        "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
        "Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello", "Content-Length: 5, 5\r\n\r\nhello", "Content-Length: +5\r\n\r\nhello",
        "Content-Length: -1\r\n\r\n", "Content-Length: 0x5\r\n\r\nhello", "Content-Length: 99999999999999999999\r\n\r\n",
        "Transfer-Encoding: identity\r\n\r\n", "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\nzz\r\n", "Transfer-Encoding: chunked\r\n\r\n-1\r\n",
        "Transfer-Encoding: chunked\r\n\r\n5\r\nhelloXX0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n", "X: a\r\nTransfer-Encoding:\u{b}chunked\r\n\r\n0\r\n\r\n",
    ])
    func `a request whose end is in doubt is refused, and nothing after it is read`(rest: String) async throws {
        let channel = FakeChannel()
        try await Shim.run(channel: channel) { shim async throws in
            let token = try await shim.token()
            try await RawConnection.open(port: shim.port) { connection in
                let smuggled = "GET /v1/samples HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer \(token)\r\n\r\n"
                let fields = "Authorization: Bearer \(token)\r\nContent-Type: application/json\r\n"
                try await connection.send("POST /v1/samples HTTP/1.1\r\nHost: h\r\n" + fields + rest + smuggled)
                let received = await connection.rest()
                #expect(received.components(separatedBy: "HTTP/1.1 ").count == 2)
                #expect(["400", "413", "501"].contains(received.split(separator: " ").dropFirst().first))
                #expect(channel.calls.isEmpty)
            }
        }
    }

    @Test(arguments: [
        ("GET /" + String(repeating: "a", count: 8191) + " HTTP/1.1\r\nHost: h\r\n\r\n", 404),
        ("GET /" + String(repeating: "a", count: 8192) + " HTTP/1.1\r\nHost: h\r\n\r\n", 414),
        ("GET /" + String(repeating: "a", count: 60_000), 414),
        ("GET /livez HTTP/1.1\r\nHost: h\r\nX: " + String(repeating: "a", count: 8000) + "\r\n\r\n", 200),
        ("GET /livez HTTP/1.1\r\nHost: h\r\nX: " + String(repeating: "a", count: 9000) + "\r\n\r\n", 431),
        ("GET /livez HTTP/1.1\r\nHost: h\r\n" + String(repeating: "A: b\r\n", count: 200) + "\r\n", 431),
        (
            "GET /livez HTTP/1.1\r\nHost: h\r\n" + String(repeating: "A: \(String(repeating: "b", count: 4000))\r\n", count: 20) + "\r\n",
            431
        ),
    ])
    func `a target or a header that is too long is refused as what it is`(request: String, status: Int) async throws {
        try await Shim.run { shim async throws in
            try await RawConnection.open(port: shim.port) { connection async throws in
                // The shim may have closed before everything is sent.
                try? await connection.send(request)
                #expect(try await connection.answer().status == status)
            }
        }
    }

    @Test func `a flood of tiny chunks costs nobody else`() async throws {
        try await Shim.run { shim async throws in
            let token = try await shim.token()
            try await RawConnection.open(port: shim.port) { flood in
                let fields = "Content-Type: application/json\r\nAuthorization: Bearer \(token)\r\nTransfer-Encoding: chunked\r\n"
                try await flood.send("POST /v1/samples HTTP/1.1\r\nHost: h\r\n\(fields)\r\n")
                let chunks = String(repeating: "1\r\nx\r\n", count: 10_000)
                for _ in 1...20 { try await flood.send(chunks) }
                #expect(try await shim.ask("GET", "/livez").status == 200)
                try await flood.send("0\r\n\r\n")
                #expect(try await flood.answer().status == 201)
            }
        }
    }

    @Test func `no correlation id or location can smuggle a line into an answer`() async throws {
        let channel = FakeChannel { _ in ClientReply(payload: ByteBuffer(string: #"{"location":"/a\r\nX-Evil: 1"}"#)) }
        try await Shim.run(channel: channel) { shim async throws in
            let answer = try await shim.ask("POST", "/v1/samples", body: "{}")
            #expect(answer.status == 201)
            #expect(answer["X-Evil"] == nil && answer["Location"] == nil)
        }
    }

    @Test(arguments: [
        ("", 200), ("hospital", 200), ("hospital:", 200), ("hospital:8080", 200), ("192.0.2.1:80", 200), ("[2001:db8::1]:8080", 200),
        ("h%C3%BC", 200), ("a_b.c", 200),
        ("h:65536", 400), ("h:port", 400), ("h:80:80", 400), ("h/p", 400), ("a b", 400), ("a,b c", 400), ("user@h", 400), ("[::1", 400),
        ("[::1]x", 400), ("[]", 400), ("h%zz", 400), ("h\u{e4}", 400), ("h?q", 400), ("h#f", 400), ("\"h\"", 400),
    ])
    func `a Host that names no host is refused`(host: String, status: Int) async throws {
        try await Shim.run { shim async throws in
            try await RawConnection.open(port: shim.port) { connection in
                try await connection.send("GET /livez HTTP/1.1\r\nHost: \(host)\r\n\r\n")
                let answer = try await connection.answer()
                #expect(answer.status == status)
                if status == 400 { #expect(answer.code == "MALFORMED_REQUEST") }
            }
        }
    }

    /// Seeded, so that a failure can be found again.
    @Test(arguments: 1...8)
    func `random, cut and damaged requests crash nothing`(seed: UInt64) async throws {
        try await Shim.run { shim async throws in
            var random = SplitMix64(seed: seed)
            let token = try await shim.token()
            for _ in 1...60 {
                let bytes = HostileRequest.bytes(token: token, using: &random)
                try await RawConnection.open(port: shim.port) { connection in
                    // The shim may have closed before everything is sent.
                    try? await connection.send(bytes)
                    try? await connection.finishSending()
                    let received = await connection.rest()
                    #expect(received.isEmpty || received.hasPrefix("HTTP/1.1 "))
                }
            }
            #expect(try await shim.ask("GET", "/v1/samples").status == 200)
        }
    }
}
