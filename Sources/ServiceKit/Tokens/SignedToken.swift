import FoundationEssentials
import Logging
import Synchronization

/// A token taken apart (RFC 7515, 7.1), of which nothing is believed yet.
struct SignedToken {
    let payload: Substring.UTF8View
    private let header: TokenHeader
    private let signed: [UInt8]
    private let signature: [UInt8]

    init(_ token: String) throws(TokenRefusal) {
        let parts = token.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 3, let signature = Base64URL.decode(parts[2]) else { throw .malformed }
        header = try Self.decode(parts[0])
        payload = parts[1]
        signed = Array(token.utf8[..<parts[1].endIndex])
        self.signature = signature
    }

    /// Tokens of other kinds, as those of a sign-out, have a type of their own, and are nobody's right to anything (RFC 8725, 3.11).
    func requireAccess() throws(TokenRefusal) {
        guard let type = header.typ?.lowercased(), type.hasSuffix("+jwt") else { return }
        guard type == "at+jwt" || type == "application/at+jwt" else { throw .otherKind }
    }

    /// The key that has signed it, of those that are known.
    ///
    /// - Parameter now: in seconds since 1970.
    func signer(among keys: VerificationKeys, at now: Double) throws(TokenRefusal) -> VerificationKey {
        guard header.crit == nil else { throw .unsupportedExtension }
        let key = try keys.key(id: header.kid, algorithm: header.alg)
        guard now < key.until else { throw .retiredKey }
        guard key.publicKey.accepts(signature, of: signed) else { throw .badSignature }
        return key
    }

    static func decode<Part: Decodable>(_ text: Substring.UTF8View) throws(TokenRefusal) -> Part {
        guard let bytes = Base64URL.decode(text), let part = try? JSONDecoder().decode(Part.self, from: Data(bytes)) else {
            throw .malformed
        }
        guard MemberCount.isEachOnce(in: bytes) else { throw .repeatedMember }
        return part
    }
}

/// Reads tokens that an identity provider has signed for us, and whose claims somebody else looks at.
package final class ProviderTokens: Sendable {
    private struct State {
        var keys = VerificationKeys.none
        /// When the provider was last asked, in seconds since 1970.
        var askedAt = -Double.infinity
    }

    private let source: RemoteKeySet
    private let logger: Logger
    private let state = Mutex(State())

    /// Keys are asked for again after so many seconds, and no sooner than after so many where one is not known.
    private static let (rarely, often) = (600.0, 60.0)

    package init(jwksURL: String, logger: Logger) {
        source = RemoteKeySet(url: jwksURL)
        self.logger = logger
    }

    /// The payload of a token, if one of the provider's keys has signed it.
    ///
    /// - Throws: ``TokenRefusal``; ``KeySetUnavailable`` where there are no keys.
    package func payload(of token: String) async throws -> [UInt8] {
        guard token.utf8.count <= TokenVerifier.maximumLength * 2 else { throw TokenRefusal.tooLong }
        let signed = try SignedToken(token)
        let now = Double(SystemTime.millisecondsSinceEpoch()) / 1_000
        try await askAgain(after: Self.rarely, at: now)
        do {
            _ = try signed.signer(among: state.withLock { $0.keys }, at: now)
        } catch TokenRefusal.unknownKey {
            // It may be a new one.
            try await askAgain(after: Self.often, at: now)
            _ = try signed.signer(among: state.withLock { $0.keys }, at: now)
        }
        guard let payload = Base64URL.decode(signed.payload) else { throw TokenRefusal.malformed }
        guard MemberCount.isEachOnce(in: payload) else { throw TokenRefusal.repeatedMember }
        return payload
    }

    /// Where the provider doesn't answer, the last good keys hold.
    private func askAgain(after pause: Double, at now: Double) async throws {
        let isTime = state.withLock { state in
            guard abs(now - state.askedAt) >= pause else { return false }
            state.askedAt = now
            return true
        }
        guard isTime else { return }
        do {
            let keys = try await source.fetch(logger: logger)
            state.withLock { $0.keys = keys }
        } catch {
            let hasKeys = state.withLock { state in
                if state.keys.count == 0 { state.askedAt = -.infinity }
                return state.keys.count > 0
            }
            guard hasKeys else { throw error }
            logger.error("The identity provider does not answer; its last good keys hold", metadata: ["error": "\(error)"])
        }
    }
}
