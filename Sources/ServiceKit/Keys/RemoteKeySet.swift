import AsyncHTTPClient
import Logging
import NIOCore
import NIOHTTP1

/// The key set of an identity provider, found over HTTP.
struct RemoteKeySet: Sendable {
    let url: String

    private static let timeout = TimeAmount.seconds(5)
    private static let limitBytes = 1 << 20

    /// - Throws: ``KeySetUnavailable``.
    func fetch(logger: Logger) async throws(KeySetUnavailable) -> VerificationKeys {
        let bytes: ByteBuffer
        do {
            bytes = try await download()
        } catch let refusal as KeySetUnavailable {
            throw refusal
        } catch {
            throw KeySetUnavailable(url: url, reason: "\(error)")
        }
        guard let keys = try? VerificationKeys(jwks: Array(bytes.readableBytesView), of: .people, logger: logger) else {
            throw KeySetUnavailable(url: url, reason: "the answer is not a JSON Web Key Set")
        }
        guard keys.count > 0 else { throw KeySetUnavailable(url: url, reason: "it holds no key that can verify tokens") }
        return keys
    }

    /// Redirects are not followed: who may sign is named by the configuration, not by an answer.
    private func download() async throws -> ByteBuffer {
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        configuration.timeout = .init(connect: Self.timeout, read: Self.timeout)
        let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        do {
            let response = try await client.execute(HTTPClientRequest(url: url), timeout: Self.timeout)
            guard response.status == .ok else {
                throw KeySetUnavailable(url: url, reason: "it is answered with HTTP \(response.status.code)")
            }
            let bytes = try await response.body.collect(upTo: Self.limitBytes)
            try await client.shutdown()
            return bytes
        } catch {
            try await client.shutdown()
            throw error
        }
    }
}

/// Why an identity provider's key set is not there.
public struct KeySetUnavailable: Error, Hashable, CustomStringConvertible {
    let url: String
    let reason: String

    public var description: String { "the key set at \(url) can't be had: \(reason)" }
}
