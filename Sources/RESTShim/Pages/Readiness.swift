import NIOCore
import NIOHTTP1
import RPC

/// Whether every configured service can do its work.
struct Readiness: Sendable {
    /// Asks one service; answers its state in a word.
    struct Check: Sendable {
        let service: String
        let state: @Sendable () async -> String
    }

    let checks: [Check]

    /// The state of a service that can work.
    static let serving = "SERVING"

    var page: Page {
        Page("/readyz") { _ in await answer() }
    }

    private func answer() async -> HTTPResponse {
        let states = await askAll()
        let isReady = states.allSatisfy { $0.state == Readiness.serving }
        var text = JSONText()
        text.object { object in
            object.member("status", isReady ? "ready" : "not ready")
            object.object("services") { services in
                for (service, state) in states { services.member(named: service, state) }
            }
        }
        var response = HTTPResponse(status: isReady ? .ok : .serviceUnavailable, contentType: "application/json")
        response.set("Cache-Control", "no-store")
        if !isReady { response.set("Retry-After", "1") }
        response.body = .bytes(text.bytes)
        return response
    }

    private func askAll() async -> [(service: String, state: String)] {
        await withTaskGroup(of: (Int, String).self) { group in
            for (index, check) in checks.enumerated() {
                group.addTask { (index, await check.state()) }
            }
            var states = checks.map { (service: $0.service, state: "") }
            for await (index, state) in group { states[index].state = state }
            return states
        }
    }
}
