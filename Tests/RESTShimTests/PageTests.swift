import Contracts
import Foundation
import PublicRoutes
import RPC
import Routes
import Testing

@testable import RESTShim

@Suite(.timeLimit(.minutes(10))) struct PageTests {
    @Test func `the description of the API is served once to each reader`() async throws {
        try await Shim.run { shim async throws in
            let first = try await shim.ask("GET", "/openapi.json", role: nil)
            #expect(first.status == 200 && first["Content-Type"] == "application/json")
            #expect((first.json["openapi"] as? String)?.hasPrefix("3.1") == true)
            let tag = try #require(first["ETag"])
            #expect(try await shim.ask("GET", "/openapi.json", ["If-None-Match": tag], role: nil).status == 304)
        }
    }

    @Test func `every route is described and every described path is answered`() async throws {
        try await Shim.run(routes: Contracts.routes, channels: [:]) { shim async throws in
            let paths = try await shim.ask("GET", "/openapi.json", role: nil).json["paths"] as? [String: [String: Any]] ?? [:]
            for route in Contracts.routes { #expect(paths[route.pattern]?[route.httpMethod.lowercased()] != nil, "\(route.pattern)") }
            for path in paths.keys { #expect(try await shim.ask("OPTIONS", path, role: nil).status == 204, "\(path)") }
        }
    }

    @Test func `the page of the API brings everything with it and lets nothing else run`() async throws {
        try await Shim.run { shim async throws in
            let page = try await shim.ask("GET", "/docs", role: nil)
            #expect(page.status == 200 && page["Content-Type"] == "text/html; charset=utf-8")
            let policy = try #require(page["Content-Security-Policy"])
            let nonce = try #require(policy.firstMatch(of: /script-src 'nonce-([a-z0-9]+)'/)?.1)
            #expect(policy.contains("default-src 'none'"))
            #expect(page.text.contains("<script nonce=\"\(nonce)\">"))
            #expect(!page.text.contains("{{"))
            #expect(page.text.firstMatch(of: /(src|href|url)\s*[=(]\s*["']?(https?:)?\/\//) == nil)
            #expect(try await shim.ask("GET", "/docs", role: nil)["Content-Security-Policy"] != policy)
        }
    }

    @Test func `the process is alive whatever its services do`() async throws {
        try await Shim.run(routes: [], channels: ["patient": FakeChannel { _ in throw RPCError.unavailable("down") }]) {
            shim async throws in
            let answer = try await shim.ask("GET", "/livez", role: nil)
            #expect(answer.status == 200 && answer.text == #"{"status":"live"}"#)
        }
    }

    @Test(arguments: ["GET", "HEAD"])
    func `who comes without a path is led to the page`(method: String) async throws {
        try await Shim.run { shim async throws in
            let answer = try await shim.ask(method, "/", role: nil)
            #expect(answer.status == 302 && answer["Location"] == "/docs" && answer.body.isEmpty)
            #expect(try await shim.ask("POST", "/", role: nil)["Allow"] == "GET, HEAD, OPTIONS")
        }
    }

    @Test func `a hospital of which a part is not configured is not ready, and says which`() async throws {
        try await PlayedServices.run { hospital async throws in
            let six = hospital.channels.filter { $0.key != "billing" }
            try await Shim.run(routes: Contracts.routes, channels: six, configure: { $0.readinessTimeout = .seconds(60) }) {
                shim async throws in
                let answer = try await shim.ask("GET", "/readyz", role: nil)
                #expect(answer.status == 503 && answer["Retry-After"] == "1")
                let states = answer.json["services"] as? [String: String] ?? [:]
                #expect(states["billing"] == "NOT_CONFIGURED" && states.count == 7)
                #expect(states.filter { $0.key != "billing" }.allSatisfy { $0.value == "SERVING" })
            }
        }
    }

    @Test func `however many ask at once whether the hospital is ready, each service is asked once`() async throws {
        let (asked, tellAsked) = AsyncStream.makeStream(of: Void.self)
        let (going, letGo) = AsyncStream.makeStream(of: Void.self)
        let channel = FakeChannel { _ in
            tellAsked.yield()
            for await _ in going { break }
            throw RPCError.unavailable("down")
        }
        try await Shim.run(routes: [], channels: ["patient": channel]) { shim async throws in
            try await RawConnection.open(port: shim.port) { first in
                try await first.send("GET /readyz HTTP/1.1\r\nHost: h\r\n\r\n")
                for await _ in asked { break }
                try await RawConnection.open(port: shim.port) { second in
                    // What comes after on the same connection has been read when it is answered.
                    try await second.send("GET /livez HTTP/1.1\r\nHost: h\r\n\r\nGET /readyz HTTP/1.1\r\nHost: h\r\n\r\n")
                    #expect(try await second.answer().status == 200)
                    letGo.finish()
                    #expect(try await first.answer().status == 503)
                    #expect(try await second.answer().status == 503)
                }
            }
            #expect(channel.calls.count <= 2)
        }
    }

    @Test func `ready is when every configured service can work`() async throws {
        try await PlayedServices.run { hospital async throws in
            let two = hospital.channels.filter { ["patient", "doctor"].contains($0.key) }
            try await Shim.run(routes: [], channels: two, configure: { $0.readinessTimeout = .seconds(60) }) {
                shim async throws in
                let answer = try await shim.ask("GET", "/readyz", role: nil)
                #expect(answer.status == 200)
                #expect(answer.json["services"] as? [String: String] == ["patient": "SERVING", "doctor": "SERVING"])
            }
            let down = FakeChannel { _ in throw RPCError.unavailable("down") }
            let channels = two.merging(["doctor": down]) { $1 }
            try await Shim.run(routes: [], channels: channels, configure: { $0.readinessTimeout = .seconds(60) }) { shim async throws in
                let answer = try await shim.ask("GET", "/readyz", role: nil)
                #expect(answer.status == 503 && answer["Retry-After"] == "1")
                #expect(answer.json["services"] as? [String: String] == ["patient": "SERVING", "doctor": "UNAVAILABLE"])
            }
        }
    }
}
