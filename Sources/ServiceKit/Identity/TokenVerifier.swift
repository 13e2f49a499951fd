import FoundationEssentials
import JWTKit
public import Logging
public import RPC
import Synchronization

/// Tells who a bearer token speaks for: a JSON Web Token signed with EdDSA, ES256 or RS256 by a key of the hospital's key
/// set or, where one is configured, of an identity provider's.
///
/// A token that was accepted is remembered until it expires, so that its signature is checked once. The hospital's key
/// set is read again when its file changes, the provider's every ten minutes and when a token names a key that is not
/// known, but no more than once a minute. What was remembered is forgotten then.
public final class TokenVerifier: Sendable {
    private struct State {
        var own: VerificationKeys
        var stamp: FileStamp?
        var lookAgainAt: Double
        var provided: VerificationKeys
        /// When the provider was last asked.
        var askedAt: Double
        var cache: TokenCache

        var keys: VerificationKeys { own.adding(provided) }
    }

    private let configuration: IdentityConfiguration
    private let provider: RemoteKeySet?
    private let secondsSinceEpoch: @Sendable () -> Double
    private let logger: Logger
    private let state: Mutex<State>

    /// Longer tokens are refused unread.
    public static let maximumLength = 8_192

    /// - Throws: ``FileError`` or ``KeySetUnavailable`` where a key set cannot be read, or has no usable key.
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
        provider = configuration.jwksURL.map(RemoteKeySet.init)
        let stamp = FileStamp.settled(path: configuration.jwksFile)
        let own = try await Self.ownKeys(configuration, logger: logger)
        let provided = try await provider?.fetch(logger: logger) ?? .none
        state = Mutex(
            State(
                own: own, stamp: stamp, lookAgainAt: 0, provided: provided, askedAt: secondsSinceEpoch(),
                cache: TokenCache(capacity: cacheCapacity)))
    }

    /// Who the token speaks for.
    ///
    /// - Throws: ``TokenRefusal``.
    public func verify(_ token: String) async throws -> Principal {
        guard token.utf8.count <= Self.maximumLength else { throw TokenRefusal.tooLong }
        let now = secondsSinceEpoch()
        if isTimeToLook(now) {
            await readKeysAgainIfChanged()
            await askProviderAgain(after: 600, now: now)
        }
        let digest = TokenDigest(token)
        if let known = state.withLock({ $0.cache.find(digest, now: now) }) { return known.principal }
        let verified = try await check(token, now: now)
        state.withLock { $0.cache.insert(verified, for: digest) }
        return verified.principal
    }

    /// How many tokens need no second look at their signature.
    var rememberedTokens: Int {
        state.withLock { $0.cache.count }
    }

    /// A key that is not known may be a new one of the provider's.
    private func check(_ token: String, now: Double) async throws(TokenRefusal) -> VerifiedToken {
        do throws(TokenRefusal) {
            return try check(token, with: state.withLock { $0.keys }, now: now)
        } catch {
            guard error == .unknownKey, await askProviderAgain(after: 60, now: now) else { throw error }
            return try check(token, with: state.withLock { $0.keys }, now: now)
        }
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
        let current = FileStamp(path: configuration.jwksFile)
        guard known == nil || current != known, provider == nil || current != nil else { return }
        let stamp = FileStamp.settled(path: configuration.jwksFile)
        do {
            let keys = try await Self.keys(in: configuration.jwksFile, logger: logger)
            state.withLock { state in
                state.own = keys
                state.stamp = stamp
                state.cache.removeAll()
            }
        } catch {
            logger.error("The key set cannot be read; the last good keys hold", metadata: ["error": "\(error)"])
        }
    }

    /// Asks unless that was done within so many seconds; says whether the keys are fresh now.
    @discardableResult
    private func askProviderAgain(after pause: Double, now: Double) async -> Bool {
        guard let provider, isTimeToAsk(after: pause, now: now) else { return false }
        do {
            let keys = try await provider.fetch(logger: logger)
            state.withLock { state in
                state.provided = keys
                state.cache.removeAll()
            }
            return true
        } catch {
            logger.error("The identity provider does not answer; its last good keys hold", metadata: ["error": "\(error)"])
            return false
        }
    }

    private func isTimeToAsk(after pause: Double, now: Double) -> Bool {
        state.withLock { state in
            guard abs(now - state.askedAt) >= pause else { return false }
            state.askedAt = now
            return true
        }
    }

    /// Where a provider's keys are there, the hospital may do without its own.
    private static func ownKeys(_ configuration: IdentityConfiguration, logger: Logger) async throws -> VerificationKeys {
        if configuration.jwksURL != nil, FileStamp(path: configuration.jwksFile) == nil { return .none }
        return try await keys(in: configuration.jwksFile, logger: logger)
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
