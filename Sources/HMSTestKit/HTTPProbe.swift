public import AsyncHTTPClient
import NIOCore
import NIOHTTP1

/// Speaks HTTP to a REST server under test.
public struct HTTPProbe: Sendable {
    /// What came back.
    public struct Answer: Sendable {
        public let status: Int
        public let body: String
        private let headers: HTTPHeaders

        init(_ response: HTTPClientResponse, body: String) {
            status = Int(response.status.code)
            headers = response.headers
            self.body = body
        }

        /// The header's first value.
        public func header(_ name: String) -> String? {
            headers.first(name: name)
        }
    }

    private let base: String
    private let client: HTTPClient

    /// `base` is `http://host:port`.
    public init(_ base: String, client: HTTPClient = .shared) {
        self.base = base
        self.client = client
    }

    public func send(
        _ method: String, _ path: String, body: String? = nil, token: String? = nil, headers: [String: String] = [:]
    ) async throws -> Answer {
        var request = HTTPClientRequest(url: base + path)
        request.method = HTTPMethod(rawValue: method)
        if let body {
            request.body = .bytes(ByteBuffer(string: body))
            request.headers.add(name: "Content-Type", value: "application/json")
        }
        if let token { request.headers.add(name: "Authorization", value: "Bearer \(token)") }
        for (name, value) in headers { request.headers.replaceOrAdd(name: name, value: value) }
        let response = try await client.execute(request, timeout: .seconds(30))
        return Answer(response, body: String(buffer: try await response.body.collect(upTo: 16 << 20)))
    }
}
