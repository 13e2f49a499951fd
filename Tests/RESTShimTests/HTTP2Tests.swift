import CertificateAuthority
import Foundation
import Logging
import NIOCore
import RPC
import ServiceKit
import Testing
import Vocabulary

@testable import RESTShim

/// The public API over HTTP/2: what HTTP/1.1 answers, many requests at a time.
@Suite(.timeLimit(.minutes(10))) struct HTTP2Tests {
    @Test func `a request is answered as over HTTP 1`() async throws {
        let channel = FakeChannel { call in ClientReply(payload: ByteBuffer(string: #"{"asked":"\#(call.payload)","version":3}"#)) }
        try await Shim.run(channel: channel) { shim async throws in
            let token = try await shim.token()
            let old = try await shim.ask("GET", "/v1/samples/s_1?")
            try await FrameConnection.open(port: shim.port) { client in
                try await client.request(1, "/v1/samples/s_1", [("authorization", "Bearer \(token)"), ("x-correlation-id", "desk-1")])
                let answer = try await client.answer(on: 1)
                #expect(answer.status == 200 && answer.body == old.text)
                #expect(answer["content-type"] == "application/json" && answer["etag"] == "\"3\"")
                #expect(answer["content-length"] == String(answer.body.utf8.count) && answer["x-content-type-options"] == "nosniff")
                #expect(answer["x-correlation-id"] == "desk-1" && answer["date"] != nil && answer["connection"] == nil)
            }
            #expect(shim.log.entries.count == 2)
        }
    }

    @Test func `a body comes in pieces and is answered when it is whole`() async throws {
        let channel = FakeChannel()
        try await Shim.run(channel: channel) { shim async throws in
            let token = try await shim.token()
            let fields = [("authorization", "Bearer \(token)"), ("content-type", "application/json")]
            try await FrameConnection.open(port: shim.port) { client in
                try await client.request(1, "/v1/samples", fields, method: "POST", isWhole: false)
                try await client.send(FrameConnection.data, stream: 1, payload: ByteBuffer(string: #"{"name":"#))
                try await client.send(FrameConnection.data, flags: 1, stream: 1, payload: ByteBuffer(string: #""Asha"}"#))
                #expect(try await client.answer(on: 1).status == 201)
            }
            #expect(channel.calls.map(\.payload) == [#"body={"name":"Asha"}"#])
        }
    }

    /// Far over the window, so that it is granted anew again and again.
    @Test func `a body of exactly the limit is taken, and one byte more is refused`() async throws {
        let channel = FakeChannel()
        try await Shim.run(channel: channel) { shim async throws in
            let token = try await shim.token()
            for (count, status) in [(1 << 20, "201"), ((1 << 20) + 1, "413")] {
                let body = "{}" + String(repeating: " ", count: count - 2)
                let answer = try await Curl.ask(
                    ["--http2-prior-knowledge", "-H", "Authorization: Bearer \(token)", "-H", "Content-Type: application/json"],
                    "http://127.0.0.1:\(shim.port)/v1/samples", body: body)
                #expect(answer.head.hasPrefix("HTTP/2 \(status)"))
            }
            #expect(channel.calls.map(\.payload.utf8.count) == [(1 << 20) + "body=".utf8.count])
        }
    }

    @Test func `many requests are under way at once and are answered as they are done`() async throws {
        let channel = FakeChannel { call in
            if call.payload.contains("s_1 ") || call.payload.hasSuffix("s_1") { try await Task.sleep(for: .milliseconds(50)) }
            return ClientReply(payload: ByteBuffer(string: #"{"asked":"\#(call.payload)"}"#))
        }
        try await Shim.run(channel: channel) { shim async throws in
            let token = try await shim.token()
            try await FrameConnection.open(port: shim.port) { client in
                for number in 1...60 {
                    try await client.request(2 * number - 1, "/v1/samples/s_\(number)", [("authorization", "Bearer \(token)")])
                }
                for number in 1...60 {
                    #expect(try await client.answer(on: 2 * number - 1).body == #"{"asked":"sample_id=s_\#(number)"}"#)
                }
            }
        }
    }

    @Test(arguments: [
        ("GET", "/v1/nothing", true, 404), ("FETCH", "/livez", true, 501), ("PUT", "/v1/samples", true, 405),
        ("GET", "/v1/samples", false, 401),
        ("TRACE", "/livez", true, 405), ("GET", "/%zz", true, 400),
    ])
    func `refusals are problems`(method: String, path: String, hasToken: Bool, status: Int) async throws {
        try await Shim.run { shim async throws in
            let fields = hasToken ? [("authorization", "Bearer \(try await shim.token())")] : []
            try await FrameConnection.open(port: shim.port) { client in
                try await client.request(1, path, fields, method: method)
                let answer = try await client.answer(on: 1)
                #expect(answer.status == status && answer["content-type"] == "application/problem+json")
                try await client.request(3, "/livez")
                #expect(try await client.answer(on: 3).status == 200)
            }
        }
    }

    @Test func `HEAD has the length and no body, and 204 has neither`() async throws {
        try await Shim.run { shim async throws in
            let token = try await shim.token()
            try await FrameConnection.open(port: shim.port) { client in
                try await client.request(1, "/livez", method: "HEAD")
                let head = try await client.answer(on: 1)
                #expect(head.status == 200 && head["content-length"] == "17" && head.body.isEmpty)
                try await client.request(3, "/v1/samples/s_1", [("authorization", "Bearer \(token)")], method: "DELETE")
                let deleted = try await client.answer(on: 3)
                #expect(deleted.status == 204 && deleted["content-length"] == nil)
            }
        }
    }

    @Test func `a body is refused before it is sent, and the connection goes on`() async throws {
        try await Shim.run { shim async throws in
            try await FrameConnection.open(port: shim.port) { client in
                try await client.request(1, "/v1/samples", [("content-length", "100")], method: "POST", isWhole: false)
                #expect(try await client.answer(on: 1).status == 401)
                try await client.request(3, "/livez")
                #expect(try await client.answer(on: 3).status == 200)
            }
        }
    }

    @Test func `a client that takes its request back takes its call with it`() async throws {
        let (cancellations, tellCancelled) = AsyncStream.makeStream(of: Void.self)
        let (beginnings, tellBegun) = AsyncStream.makeStream(of: Void.self)
        let channel = FakeChannel { _ in
            tellBegun.yield()
            do { try await Task.sleep(for: .seconds(3600)) } catch {
                tellCancelled.yield()
                throw error
            }
            return ClientReply(payload: ByteBuffer())
        }
        try await Shim.run(channel: channel) { shim async throws in
            let token = try await shim.token()
            try await FrameConnection.open(port: shim.port) { client in
                try await client.request(1, "/v1/samples", [("authorization", "Bearer \(token)")])
                for await _ in beginnings { break }
                try await client.send(FrameConnection.reset, stream: 1, payload: ByteBuffer(integer: UInt32(8)))
                for await _ in cancellations { break }
            }
        }
    }

    @Test func `stopping says GOAWAY and lets the request under way finish`() async throws {
        let (going, letGo) = AsyncStream.makeStream(of: Void.self)
        let (beginnings, tellBegun) = AsyncStream.makeStream(of: Void.self)
        let channel = FakeChannel { _ in
            tellBegun.yield()
            for await _ in going { break }
            return ClientReply(payload: ByteBuffer(string: "{}"))
        }
        try await Shim.run(channel: channel) { shim async throws in
            let token = try await shim.token()
            try await FrameConnection.open(port: shim.port) { client in
                try await client.request(1, "/v1/samples", [("authorization", "Bearer \(token)")])
                for await _ in beginnings { break }
                await shim.stop()
                #expect(try await client.goAway() == 0)
                #expect(client.farewell?.last == 1)
                letGo.yield()
                #expect(try await client.answer(on: 1).status == 200)
                #expect(await client.connection.rest().isEmpty)
            }
        }
    }

    @Test func `the one of too many who has rested longest is told to go`() async throws {
        try await Shim.run(configure: { $0.limits.connectionCount = 1 }) { shim async throws in
            try await FrameConnection.open(port: shim.port) { first in
                try await first.request(1, "/livez")
                #expect(try await first.answer(on: 1).status == 200)
                #expect(try await shim.ask("GET", "/livez", role: nil).status == 200)
                #expect(try await first.goAway() == 0)
            }
        }
    }

    @Test func `an address has one limit of requests, whatever it speaks`() async throws {
        let configure = { (configuration: inout RESTServerConfiguration) in
            configuration.rates.ofAddress = 1
            configuration.rates.trustedProxies = [IPNetwork("127.0.0.0/8")].compactMap { $0 }
        }
        try await Shim.run(configure: configure) { shim async throws in
            let fields = [("authorization", "Bearer \(try await shim.token())"), ("x-forwarded-for", "198.51.100.7")]
            try await FrameConnection.open(port: shim.port) { client in
                // Many more than it may send meanwhile on the slowest machine.
                let streams = stride(from: 1, to: 80, by: 2)
                for stream in streams { try await client.request(stream, "/v1/samples", fields) }
                var statuses: [Int?] = []
                for stream in streams { statuses.append(try await client.answer(on: stream).status) }
                #expect(statuses.prefix(2) == [200, 200] && Set(statuses) == [200, 429])
            }
        }
    }

    // MARK: A stranger's client

    @Test func `curl speaks HTTP 2 by prior knowledge`() async throws {
        try await Shim.run { shim async throws in
            let old = try await shim.ask("GET", "/openapi.json")
            let answer = try await Curl.ask(["--http2-prior-knowledge"], "http://127.0.0.1:\(shim.port)/openapi.json")
            #expect(answer.head.hasPrefix("HTTP/2 200") && answer.body == old.text)
        }
    }

    @Test(arguments: [("--http2", "HTTP/2 200"), ("--http1.1", "HTTP/1.1 200")])
    func `over TLS the client chooses`(option: String, begin: String) async throws {
        let now = Instant(millisecondsSinceEpoch: Int64(Date.now.timeIntervalSince1970 * 1000))
        let good = now - .days(1)..<now + .days(1)
        let issued = try CertificateAuthority(named: "test", validity: good).issue(to: ["localhost"], validity: good)
        let credentials = try TLSCredentials(
            OneMaterial(material: TLSMaterial(certificates: Array(issued.certificate.utf8), privateKey: Array(issued.privateKey.utf8))),
            for: .anybody, logger: .quiet)
        try await Shim.run(configure: { $0.credentials = credentials }) { shim async throws in
            let answer = try await Curl.ask(["-k", option], "https://127.0.0.1:\(shim.port)/livez")
            #expect(answer.head.hasPrefix(begin) && answer.body == #"{"status":"live"}"#)
        }
    }

    private struct OneMaterial: TLSMaterialSource {
        let material: TLSMaterial
        var place: String { "test" }

        func readIfChanged() -> TLSMaterial? { material }
    }
}

/// The system's own HTTP client.
enum Curl {
    struct Failed: Error {
        let status: Int32
    }

    static func ask(_ options: [String], _ url: String, body: String? = nil) async throws -> (head: String, body: String) {
        try await withCheckedThrowingContinuation { continuation in
            Thread { continuation.resume(with: Result { try run(options, url, body) }) }.start()
        }
    }

    private static func run(_ options: [String], _ url: String, _ body: String?) throws -> (head: String, body: String) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments =
            ["curl", "-s", "-i", "--max-time", "60", "-H", "Expect:"] + options + (body == nil ? [] : ["--data-binary", "@-"]) + [url]
        let (input, output) = (Pipe(), Pipe())
        (process.standardInput, process.standardOutput) = (input, output)
        try process.run()
        let writing = Thread {
            if let body { try? input.fileHandleForWriting.write(contentsOf: Data(body.utf8)) }
            try? input.fileHandleForWriting.close()
        }
        writing.start()
        let said = String(decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Failed(status: process.terminationStatus) }
        let parts = said.components(separatedBy: "\r\n\r\n")
        return (parts[0], parts.dropFirst().joined(separator: "\r\n\r\n"))
    }
}
