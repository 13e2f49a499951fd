import AsyncHTTPClient
import Foundation
import HospitalCommand
import Hummingbird
import Synchronization

/// A public API over a real socket that keeps people in memory and misbehaves when asked to.
final class FakeHospital: Sendable {
    struct Answer: Sendable {
        let status: Int
        let body: JSONValue
        var headers: [String: String] = [:]
    }

    private struct State {
        var people: [String: [JSONValue]] = [:]
        var firstAnswers: [String: Answer] = [:]
        var requests = 0
        var underWay = 0
        var mostUnderWay = 0
        var trouble: @Sendable (_ request: Int) -> Trouble? = { _ in nil }
    }

    /// What goes wrong with a request, by its number.
    enum Trouble {
        case answer(Answer)
        /// The work is done, but the answer says that it was not.
        case lostAnswer
    }

    private let state = Mutex(State())

    var requests: Int { state.withLock { $0.requests } }
    var mostUnderWay: Int { state.withLock { $0.mostUnderWay } }
    func people(_ kind: ImportKind) -> [JSONValue] { state.withLock { $0.people[kind.rawValue] ?? [] } }
    func misbehave(_ trouble: @escaping @Sendable (Int) -> Trouble?) { state.withLock { $0.trouble = trouble } }

    /// Serves on a free port while `body` runs.
    func whileServing<Result: Sendable>(_ body: @escaping @Sendable (PersistentSender) async throws -> Result) async throws -> Result {
        let (ports, bound) = AsyncStream.makeStream(of: Int.self)
        let router = Router()
        for kind in ImportKind.allCases {
            router.post("/v1/\(kind.rawValue)") { request, _ in try await self.create(kind, request) }
            router.get("/v1/\(kind.rawValue)") { request, _ in try self.list(kind, request) }
        }
        let server = Application(router: router, configuration: .init(address: .hostname("127.0.0.1", port: 0))) { channel in
            bound.yield(channel.localAddress?.port ?? 0)
        }
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await server.run() }
            var port = 0
            for await number in ports {
                port = number
                break
            }
            let url = try HospitalURL("http://127.0.0.1:\(port)")
            let result = try await HTTPClient.withHospitalClient { http in
                try await body(
                    PersistentSender(
                        client: HospitalClient(url: url, token: "t", http: http), patience: .seconds(2), firstPause: .milliseconds(1)))
            }
            group.cancelAll()
            return result
        }
    }

    private func create(_ kind: ImportKind, _ request: Request) async throws -> Response {
        enter()
        defer { state.withLock { $0.underWay -= 1 } }
        let bytes = try await request.body.collect(upTo: 1 << 20)
        // Lets the requests that may run at the same time meet.
        await Task.yield()
        let body = try JSONValue(parsing: Array(bytes.readableBytesView))
        let key = request.headers[.init("idempotency-key")!] ?? ""
        return response(answer(kind, body, key: key))
    }

    private func enter() {
        state.withLock { state in
            state.requests += 1
            state.underWay += 1
            state.mostUnderWay = max(state.mostUnderWay, state.underWay)
        }
    }

    private func answer(_ kind: ImportKind, _ body: JSONValue, key: String) -> Answer {
        state.withLock { state in
            let trouble = state.trouble(state.requests)
            if case .answer(let answer) = trouble { return answer }
            let answer = state.firstAnswers[key].map(Self.replayed) ?? Self.decide(kind, body, among: state.people[kind.rawValue] ?? [])
            if answer.status == 201, state.firstAnswers[key] == nil {
                state.people[kind.rawValue, default: []].append(body)
                state.firstAnswers[key] = answer
            }
            if case .lostAnswer = trouble { return Answer(status: 503, body: ["code": "UNAVAILABLE"]) }
            return answer
        }
    }

    private static func replayed(_ first: Answer) -> Answer {
        Answer(status: first.status, body: first.body, headers: ["Idempotent-Replayed": "true"])
    }

    private static func decide(_ kind: ImportKind, _ body: JSONValue, among people: [JSONValue]) -> Answer {
        guard body["name"]?.text?.isEmpty == false else {
            return Answer(
                status: 400, body: ["code": "INVALID_ARGUMENT", "violations": [["field": "name", "message": "must not be empty"]]])
        }
        let isKnown = people.contains { $0["name"] == body["name"] && $0["dob"] == body["dob"] }
        if kind == .patients, isKnown { return Answer(status: 409, body: ["code": "POSSIBLE_DUPLICATE", "detail": "is known"]) }
        return Answer(status: 201, body: body)
    }

    private func list(_ kind: ImportKind, _ request: Request) throws -> Response {
        let query = request.uri.queryParameters
        let found = people(kind).filter { person in
            ["department", "specialization"].allSatisfy { field in
                query[Substring(field)].map { String($0) } == nil || query[Substring(field)].map { String($0) } == person[field]?.text
            }
        }
        return response(Answer(status: 200, body: [kind.rawValue: .array(found), "next_page_token": ""]))
    }

    private func response(_ answer: Answer) -> Response {
        var headers: HTTPFields = [.contentType: "application/json"]
        for (name, value) in answer.headers { headers[.init(name)!] = value }
        return Response(
            status: .init(code: answer.status), headers: headers, body: .init(byteBuffer: ByteBuffer(string: answer.body.compact)))
    }
}
