import AsyncHTTPClient
import Foundation
import HMSTestKit
import HospitalCommand
import NIOHTTP1
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
        var firstGathering = 0
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

    /// As a hospital after a day: the same request under the same key is a new one.
    func forgetKeys() { state.withLock { $0.firstAnswers = [:] } }

    /// Answers nothing until so many requests have been under way together.
    func gather(_ count: Int) { state.withLock { $0.firstGathering = count } }

    /// Serves on a free port while `body` runs, whose sender is as patient as said.
    func whileServing<Result: Sendable>(
        patience: Duration = .seconds(60), _ body: @escaping @Sendable (PersistentSender) async throws -> Result
    ) async throws -> Result {
        let server = FakeHTTPServer(noticed: { _ in self.enter() }, mayAnswer: mayAnswer, answer: respond)
        return try await server.whileServing { port in
            let url = try HospitalURL("http://127.0.0.1:\(port)")
            return try await HTTPClient.withHospitalClient { http in
                try await body(
                    PersistentSender(
                        client: HospitalClient(url: url, token: "t", http: http), patience: patience, firstPause: .milliseconds(1)))
            }
        }
    }

    @Sendable private func mayAnswer() -> Bool { state.withLock { $0.mostUnderWay >= $0.firstGathering } }

    @Sendable private func respond(_ request: FakeHTTPServer.Request) -> FakeHTTPServer.Response {
        defer { state.withLock { $0.underWay -= 1 } }
        guard let kind = ImportKind.allCases.first(where: { request.path == $0.path }) else {
            return response(Answer(status: 404, body: ["code": "ROUTE_NOT_FOUND"]))
        }
        if request.method == "GET" { return response(list(kind, request)) }
        guard let body = try? JSONValue(parsing: request.body) else {
            return response(Answer(status: 400, body: ["code": "INVALID_ARGUMENT"]))
        }
        return response(answer(kind, body, key: request.headers.first(name: "idempotency-key") ?? ""))
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
            let known = state.people[kind.rawValue] ?? []
            let answer = state.firstAnswers[key].map(Self.replayed) ?? Self.decide(kind, body, among: known)
            if answer.status == 201, state.firstAnswers[key] == nil {
                state.people[kind.rawValue, default: []].append(body)
                if !kind.isHistory { state.firstAnswers[key] = answer }
            }
            if case .lostAnswer = trouble { return Answer(status: 503, body: ["code": "UNAVAILABLE"]) }
            return answer
        }
    }

    private static func replayed(_ first: Answer) -> Answer {
        Answer(status: first.status, body: first.body, headers: ["Idempotent-Replayed": "true"])
    }

    private static func decide(_ kind: ImportKind, _ body: JSONValue, among people: [JSONValue]) -> Answer {
        if kind.isHistory {
            let place = people.firstIndex(of: body)
            let record = named(body, kind, place ?? people.count)
            let name = String(kind.rawValue.dropLast())
            return Answer(
                status: place == nil ? 201 : 200,
                body: .object([JSONMember(name, record), JSONMember("already_there", .bool(place != nil))]))
        }
        guard body["name"]?.text?.isEmpty == false else {
            return Answer(
                status: 400, body: ["code": "INVALID_ARGUMENT", "violations": [["field": "name", "message": "must not be empty"]]])
        }
        let isKnown = people.contains { $0["name"] == body["name"] && $0["dob"] == body["dob"] }
        if kind == .patients, isKnown { return Answer(status: 409, body: ["code": "POSSIBLE_DUPLICATE", "detail": "is known"]) }
        return Answer(status: 201, body: named(body, kind, people.count))
    }

    /// A record with its id: `pat_1` is the first patient.
    private static func named(_ body: JSONValue, _ kind: ImportKind, _ index: Int) -> JSONValue {
        guard case .object(let members) = body else { return body }
        return .object([JSONMember(kind.idField, .string("\(kind.idPrefix)\(index + 1)"))] + members)
    }

    private func list(_ kind: ImportKind, _ request: FakeHTTPServer.Request) -> Answer {
        let found = people(kind).enumerated().map { Self.named($1, kind, $0) }.filter { person in
            ["department", "specialization"].allSatisfy { request.query[$0] == nil || request.query[$0] == person[$0]?.text }
        }
        return Answer(status: 200, body: [kind.rawValue: .array(found), "next_page_token": ""])
    }

    private func response(_ answer: Answer) -> FakeHTTPServer.Response {
        FakeHTTPServer.Response(
            status: answer.status, headers: answer.headers.sorted { $0.key < $1.key }.map { ($0.key, $0.value) },
            body: Array(answer.body.compact.utf8))
    }
}
