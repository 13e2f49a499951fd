import NIOCore
import NIOHTTP1
import ProtobufJSON
import RPC
import Synchronization

/// Whether every service that the API needs can do its work.
final class ReadinessProbe: Sendable {
    /// Asks one service; answers its state in a word.
    struct Check: Sendable {
        let service: String
        let state: @Sendable () async -> String
    }

    private typealias States = [(service: String, state: String)]

    private let checks: [Check]
    /// Those who ask while the services are asked share the answer, so that however many strangers ask, it costs as one.
    private let underWay = Mutex<Task<States, Never>?>(nil)

    /// The state of a service that can work.
    static let serving = "SERVING"
    /// The state of a service that nobody has said where to find.
    static let notConfigured = "NOT_CONFIGURED"

    init(checks: [Check]) {
        self.checks = checks
    }

    var page: ShimPage {
        ShimPage("/readyz", isProbe: true) { _ in await self.answer() }
    }

    private func answer() async -> HTTPResponse {
        let states = await sharedStates()
        let isReady = states.allSatisfy { $0.state == ReadinessProbe.serving }
        let body = JSONWriter.document { object in
            object.member("status", isReady ? "ready" : "not ready")
            object.object("services") { services in
                for (service, state) in states { services.member(named: service, state) }
            }
        }
        var response = HTTPResponse(status: isReady ? .ok : .serviceUnavailable, contentType: "application/json")
        response.set("Cache-Control", "no-store")
        if !isReady { response.set("Retry-After", "1") }
        response.body = .bytes(body)
        return response
    }

    private func sharedStates() async -> States {
        let task = underWay.withLock { underWay in
            if let underWay { return underWay }
            let task = Task {
                defer { self.underWay.withLock { $0 = nil } }
                return await self.askAll()
            }
            underWay = task
            return task
        }
        return await task.value
    }

    private func askAll() async -> States {
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
