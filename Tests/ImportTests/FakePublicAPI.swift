import AsyncHTTPClient
import Foundation
import HMSTestKit
import HospitalClient
import Import
import NIOHTTP1
import PlainText
import ServiceKit
import Synchronization

/// A public API over a real socket that keeps what is imported in memory and misbehaves when asked to.
final class FakePublicAPI: Sendable {
    struct Answer: Sendable {
        let status: Int
        let body: JSONValue
        var headers: [String: String] = [:]
    }

    private struct State {
        var records: [String: [JSONValue]] = [:]
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
    /// What was imported, each as its request said it.
    func records(_ kind: ImportKind) -> [JSONValue] { state.withLock { $0.records[kind.rawValue] ?? [] } }
    func misbehave(_ trouble: @escaping @Sendable (Int) -> Trouble?) { state.withLock { $0.trouble = trouble } }

    /// Answers nothing until so many requests have been under way together.
    func gather(_ count: Int) { state.withLock { $0.firstGathering = count } }

    /// Serves on a free port while `body` runs, whose sender is as patient as said.
    func whileServing<Result: Sendable>(
        patience: Duration = .seconds(60), stop: StopRequest? = nil, _ body: @escaping @Sendable (PersistentSender) async throws -> Result
    ) async throws -> Result {
        let server = FakeHTTPServer(noticed: { _ in self.enter() }, mayAnswer: mayAnswer, answer: respond)
        return try await server.whileServing { port in
            let url = try HospitalURL("http://127.0.0.1:\(port)")
            return try await HTTPClient.withHospitalClient { http in
                try await body(
                    PersistentSender(
                        client: HospitalClient(url: url, token: "t", http: http), patience: patience, firstPause: .milliseconds(1),
                        stop: stop))
            }
        }
    }

    @Sendable private func mayAnswer() -> Bool { state.withLock { $0.mostUnderWay >= $0.firstGathering } }

    @Sendable private func respond(_ request: FakeHTTPServer.Request) -> FakeHTTPServer.Response {
        defer { state.withLock { $0.underWay -= 1 } }
        return response(state.withLock { Self.answer(request, &$0) })
    }

    private func enter() {
        state.withLock { state in
            state.requests += 1
            state.underWay += 1
            state.mostUnderWay = max(state.mostUnderWay, state.underWay)
        }
    }

    private static func answer(_ request: FakeHTTPServer.Request, _ state: inout State) -> Answer {
        let trouble = state.trouble(state.requests)
        if case .answer(let answer) = trouble { return answer }
        let answer =
            if request.method == "GET", let kind = ImportKind.allCases.first(where: { $0.listPath == request.path }) {
                found(kind, request, state.records[kind.rawValue] ?? [])
            } else if let kind = ImportKind.allCases.first(where: { $0.path == request.path }) {
                taken(kind, (try? JSONValue(parsing: request.body)) ?? .null, &state.records[kind.rawValue, default: []])
            } else {
                Answer(status: 404, body: ["code": "ROUTE_NOT_FOUND"])
            }
        if case .lostAnswer = trouble { return Answer(status: 503, body: ["code": "UNAVAILABLE"]) }
        return answer
    }

    /// The record that a source calls so.
    private static func found(_ kind: ImportKind, _ request: FakeHTTPServer.Request, _ records: [JSONValue]) -> Answer {
        let place = records.firstIndex {
            $0["source"]?.text == request.query["source"] && $0["source_id"]?.text == request.query["source_id"]
        }
        let list = place.map { [named(records[$0], kind, $0)] } ?? []
        return Answer(status: 200, body: .object([JSONMember(kind.rawValue, .array(list))]))
    }

    private func response(_ answer: Answer) -> FakeHTTPServer.Response {
        FakeHTTPServer.Response(
            status: answer.status, headers: answer.headers.sorted { $0.key < $1.key }.map { ($0.key, $0.value) },
            body: Array(answer.body.compact.utf8))
    }
}

/// How it takes what is imported: a little of what a hospital does.
extension FakePublicAPI {
    private static func taken(_ kind: ImportKind, _ body: JSONValue, _ records: inout [JSONValue]) -> Answer {
        guard kind != .patients || body["name"] != nil else {
            return Answer(
                status: 400, body: ["code": "INVALID_ARGUMENT", "violations": [["field": "name", "message": "must not be empty"]]])
        }
        let record = stored(body)
        guard let place = records.firstIndex(where: { isKnown(record, as: $0) }) else {
            let twins = records.indices.filter { isTwin(record, of: records[$0]) }.map { JSONValue.string(id(kind, $0)) }
            if body["validate_only"] == nil { records.append(record) }
            return reply(201, kind, record, records.count - 1, [JSONMember("possible_duplicates", .array(twins))])
        }
        guard isTwin(record, of: records[place]) || kind == .allergies else {
            return Answer(status: 409, body: ["code": "SOURCE_ID_TAKEN", "detail": .string("it means \(id(kind, place))")])
        }
        let changes = body["update"] == true && record != records[place]
        if changes { records[place] = record }
        return reply(200, kind, record, place, [JSONMember("already_there", .bool(!changes)), JSONMember("updated", .bool(changes))])
    }

    /// By the source's id, or where there is none by all that it says.
    private static func isKnown(_ record: JSONValue, as other: JSONValue) -> Bool {
        guard let id = record["source_id"] else { return record == other }
        return id == other["source_id"] && record["source"] == other["source"]
    }

    private static func isTwin(_ record: JSONValue, of other: JSONValue) -> Bool {
        ["name", "dob", "patient_id", "appointment_id"].allSatisfy { record[$0] == other[$0] }
    }

    /// Without what is said about the import itself.
    private static func stored(_ body: JSONValue) -> JSONValue {
        guard case .object(let members) = body else { return body }
        return .object(members.filter { !["validate_only", "update", "allow_duplicate"].contains($0.name) })
    }

    private static func reply(_ status: Int, _ kind: ImportKind, _ record: JSONValue, _ place: Int, _ more: [JSONMember]) -> Answer {
        Answer(status: status, body: .object([JSONMember(kind.resource, named(record, kind, place))] + more))
    }

    private static func named(_ record: JSONValue, _ kind: ImportKind, _ place: Int) -> JSONValue {
        guard case .object(let members) = record else { return record }
        return .object([JSONMember(kind.idField, .string(id(kind, place)))] + members)
    }

    /// The first patient has the id of 25 zeros and a one.
    static func id(_ kind: ImportKind, _ place: Int) -> String {
        let number = "\(place + 1)"
        return "\(kind.idPrefix)_" + String(repeating: "0", count: 26 - number.count) + number
    }
}
