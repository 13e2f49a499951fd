import FoundationEssentials
import JWTKit
public import Logging
public import RPC
import Synchronization

/// Tells who a bearer token speaks for: a JSON Web Token signed with EdDSA, ES256 or RS256 by a key of the key set.
///
/// A token that was accepted is remembered until it expires, so that its signature is checked once. The key set is
/// read again when its file changes, and what was remembered is forgotten then.
public final class TokenVerifier: Sendable {
    private struct State {
        var keys: VerificationKeys
        var stamp: FileStamp?
        var lookAgainAt: Double
        var cache: TokenCache
    }

    private let configuration: IdentityConfiguration
    private let secondsSinceEpoch: @Sendable () -> Double
    private let logger: Logger
    private let state: Mutex<State>

    /// Longer tokens are refused unread.
    public static let maximumLength = 8_192

    /// - Throws: ``FileError`` where the key set cannot be read, or has no usable key.
    public convenience init(_ configuration: IdentityConfiguration, logger: Logger) async throws {
        try await self.init(configuration, cacheCapacity: 4_096, logger: logger) {
            Double(SystemTime.millisecondsSinceEpoch()) / 1_000
        }
    }

    /// `secondsSinceEpoch` is the real time.
    init(
        _ configuration: IdentityConfiguration, cacheCapacity: Int, logger: Logger, secondsSinceEpoch: @escaping @Sendable () -> Double
    ) async throws {
        self.configuration = configuration
        self.secondsSinceEpoch = secondsSinceEpoch
        self.logger = logger
        let stamp = FileStamp.settled(path: configuration.jwksFile)
        let keys = try await Self.keys(in: configuration.jwksFile, logger: logger)
        state = Mutex(State(keys: keys, stamp: stamp, lookAgainAt: 0, cache: TokenCache(capacity: cacheCapacity)))
    }

    /// Who the token speaks for.
    ///
    /// - Throws: ``TokenRefusal``.
    public func verify(_ token: String) async throws -> Principal {
        guard token.utf8.count <= Self.maximumLength else { throw TokenRefusal.tooLong }
        let now = secondsSinceEpoch()
        if isTimeToLook(now) { await readKeysAgainIfChanged() }
        let digest = TokenDigest(token)
        if let known = state.withLock({ $0.cache.find(digest, now: now) }) { return known.principal }
        let verified = try check(token, with: state.withLock { $0.keys }, now: now)
        state.withLock { $0.cache.insert(verified, for: digest) }
        return verified.principal
    }

    /// How many tokens need no second look at their signature.
    var rememberedTokens: Int {
        state.withLock { $0.cache.count }
    }

    private func check(_ token: String, with keys: VerificationKeys, now: Double) throws(TokenRefusal) -> VerifiedToken {
        let parts = token.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 3, let signature = Base64URL.decode(parts[2]) else { throw .malformed }
        let header: TokenHeader = try Self.decode(parts[0])
        guard header.crit == nil else { throw .unsupportedExtension }
        let key = try keys.key(id: header.kid, algorithm: header.alg)
        let signed = Data(token.utf8[..<parts[1].endIndex])
        guard let isValid = try? key.algorithm.verify(signature, signs: signed), isValid else { throw .badSignature }
        let claims: TokenClaims = try Self.decode(parts[1])
        return try claims.verified(
            issuer: configuration.issuer, audience: configuration.audience, now: now,
            leeway: Double(configuration.leeway.components.seconds))
    }

    private static func decode<Part: Decodable>(_ text: Substring.UTF8View) throws(TokenRefusal) -> Part {
        guard let bytes = Base64URL.decode(text), let part = try? JSONDecoder().decode(Part.self, from: Data(bytes)) else {
            throw .malformed
        }
        return part
    }
}

extension TokenVerifier {
    /// Whether a second has gone by since the key set's file was last looked at.
    private func isTimeToLook(_ now: Double) -> Bool {
        state.withLock { state in
            guard now >= state.lookAgainAt || now < state.lookAgainAt - 60 else { return false }
            state.lookAgainAt = now + 1
            return true
        }
    }

    private func readKeysAgainIfChanged() async {
        let known = state.withLock { $0.stamp }
        guard known == nil || FileStamp(path: configuration.jwksFile) != known else { return }
        let stamp = FileStamp.settled(path: configuration.jwksFile)
        do {
            let keys = try await Self.keys(in: configuration.jwksFile, logger: logger)
            state.withLock { state in
                state.keys = keys
                state.stamp = stamp
                state.cache.removeAll()
            }
        } catch {
            logger.error("The key set cannot be read; the last good keys hold", metadata: ["error": "\(error)"])
        }
    }

    private static func keys(in path: String, logger: Logger) async throws -> VerificationKeys {
        let bytes = try LocalFile.read(path, atMost: 1 << 20)
        guard let keys = try? await VerificationKeys(jwks: bytes, logger: logger) else {
            throw FileError(path, "is not a JSON Web Key Set")
        }
        guard keys.count > 0 else { throw FileError(path, "holds no key that can verify tokens") }
        return keys
    }
}
