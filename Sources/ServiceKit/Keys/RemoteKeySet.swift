import Logging

/// The key set of an identity provider, found over HTTP.
struct RemoteKeySet: Sendable {
    let url: String

    /// - Throws: ``KeySetUnavailable``.
    func fetch(logger: Logger) async throws(KeySetUnavailable) -> VerificationKeys {
        let bytes: [UInt8]
        do {
            bytes = try await download()
        } catch let refusal as KeySetUnavailable {
            throw refusal
        } catch {
            throw KeySetUnavailable(url: url, reason: "\(error)")
        }
        guard let keys = try? VerificationKeys(jwks: bytes, of: .people, logger: logger) else {
            throw KeySetUnavailable(url: url, reason: "the answer is not a JSON Web Key Set")
        }
        guard keys.count > 0 else { throw KeySetUnavailable(url: url, reason: "it holds no key that can verify tokens") }
        return keys
    }

    private func download() async throws -> [UInt8] {
        let answer = try await ProviderRequest.get(url)
        guard answer.status == 200 else { throw KeySetUnavailable(url: url, reason: "it is answered with HTTP \(answer.status)") }
        return answer.body
    }
}

/// Why an identity provider's key set is not there.
public struct KeySetUnavailable: Error, Hashable, CustomStringConvertible {
    let url: String
    let reason: String

    public var description: String { "the key set at \(url) can't be had: \(reason)" }
}
