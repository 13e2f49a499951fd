import Foundation
import HospitalClient
import PlainText
import Testing

/// Somebody at the public API, in one role.
struct Caller: Sendable {
    private let client: HospitalClient

    init(_ client: HospitalClient) {
        self.client = client
    }

    /// Whatever is answered has to be what the API's description says.
    func send(_ request: APIRequest, _ sourceLocation: SourceLocation = #_sourceLocation) async throws -> APIReply {
        let reply = try await client.send(request, timeout: .seconds(30))
        try DescribedAnswers.all.check(reply, to: request, sourceLocation: sourceLocation)
        return reply
    }

    /// Asks for what stands in no description of the public API.
    func getUndescribed(_ path: String) async throws -> APIReply {
        try await client.send(APIRequest(.get, path), timeout: .seconds(30))
    }

    func get(
        _ path: String, _ query: [(name: String, value: String)] = [], headers: [(name: String, value: String)] = [],
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> APIReply {
        try await send(APIRequest(.get, path, query: query, headers: headers), sourceLocation)
    }

    /// - Parameters:
    ///   - key: the idempotency key; without one the request is new.
    ///   - correlationID: the name under which everything that follows from it is known.
    func post(
        _ path: String, _ body: JSONValue = [:], key: String? = nil, correlationID: String? = nil,
        headers: [(name: String, value: String)] = [], sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> APIReply {
        var headers = headers
        if let key { headers.append(("idempotency-key", key)) }
        if let correlationID { headers.append(("x-correlation-id", correlationID)) }
        return try await send(APIRequest(.post, path, body: body, headers: headers), sourceLocation)
    }

    func put(_ path: String, _ body: JSONValue, sourceLocation: SourceLocation = #_sourceLocation) async throws -> APIReply {
        try await send(APIRequest(.put, path, body: body), sourceLocation)
    }

    func patch(
        _ path: String, _ body: JSONValue, headers: [(name: String, value: String)] = [], sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> APIReply {
        try await send(APIRequest(.patch, path, body: body, headers: headers), sourceLocation)
    }

    func delete(
        _ path: String, _ query: [(name: String, value: String)] = [], sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> APIReply {
        try await send(APIRequest(.delete, path, query: query), sourceLocation)
    }

    /// All records of a list, however many pages it has.
    func list(_ path: String, _ query: [(name: String, value: String)] = []) async throws -> [JSONValue] {
        var all: [JSONValue] = []
        var token = ""
        repeat {
            let page = try await get(path, query + (token.isEmpty ? [] : [("page_token", token)])).body(200)
            all += page.records
            token = page["next_page_token"]?.text ?? ""
        } while !token.isEmpty
        return all
    }
}

extension APIReply {
    /// The body of an answer that has this status; any other fails the story there.
    func body(_ status: Int, sourceLocation: SourceLocation = #_sourceLocation) throws -> JSONValue {
        try #require(self.status == status, "\(self.status) \(reason)", sourceLocation: sourceLocation)
        return body ?? .null
    }

    /// The answer is this refusal.
    func expect(_ status: Int, _ code: String, sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(self.status == status && self.code == code, "\(self.status) \(reason)", sourceLocation: sourceLocation)
    }
}

extension JSONValue {
    /// The records of an answer to a list.
    fileprivate var records: [JSONValue] {
        guard case .object(let members) = self else { return [] }
        return members.first { $0.name != "next_page_token" }?.value.elements ?? []
    }

    subscript(text name: String) -> String { self[name]?.text ?? "" }

    subscript(number name: String) -> Int64 {
        switch self[name] {
        case .integer(let integer): integer
        case .unsigned(let unsigned): Int64(clamping: unsigned)
        case .null, .bool, .number, .string, .array, .object, nil: 0
        }
    }
}
