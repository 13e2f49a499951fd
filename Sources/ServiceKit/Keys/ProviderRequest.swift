import AsyncHTTPClient
import NIOCore
import NIOHTTP1

/// One request to an identity provider: small, soon answered or given up, and never led elsewhere.
package enum ProviderRequest {
    private static let timeout = TimeAmount.seconds(5)
    private static let limitBytes = 1 << 20

    /// What a provider answers, whatever its status.
    package struct Answer: Sendable {
        package let status: Int
        package let body: [UInt8]
    }

    package static func get(_ url: String) async throws -> Answer {
        var request = HTTPClientRequest(url: url)
        request.headers.add(name: "accept", value: "application/json")
        return try await send(request)
    }

    /// - Parameters:
    ///   - form: as `application/x-www-form-urlencoded` has it.
    ///   - authorization: the field of that name; nil for none.
    package static func post(_ url: String, form: String, authorization: String?) async throws -> Answer {
        var request = HTTPClientRequest(url: url)
        request.method = .POST
        request.headers.add(name: "accept", value: "application/json")
        request.headers.add(name: "content-type", value: "application/x-www-form-urlencoded")
        if let authorization { request.headers.add(name: "authorization", value: authorization) }
        request.body = .bytes(ByteBuffer(string: form))
        return try await send(request)
    }

    /// Redirects are not followed: whom to believe is named by the configuration, not by an answer.
    private static func send(_ request: HTTPClientRequest) async throws -> Answer {
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        configuration.timeout = .init(connect: timeout, read: timeout)
        let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        do {
            let response = try await client.execute(request, timeout: timeout)
            let bytes = try await response.body.collect(upTo: limitBytes)
            try await client.shutdown()
            return Answer(status: Int(response.status.code), body: Array(bytes.readableBytesView))
        } catch {
            try await client.shutdown()
            throw error
        }
    }
}
