public import Logging
public import RPC
import Synchronization

/// Tells who a bearer token speaks for: a JSON Web Token signed with EdDSA, ES256 or RS256 by a key of the hospital's key
/// sets or, where one is configured, of an identity provider's. Each key speaks for its own scope only: people's keys for
/// people, a service's key for that service.
///
/// What came of a token is remembered, so that its signature is checked once: an accepted one until it expires, a refused
/// one for a minute. The hospital's key sets, and whose tokens are revoked, are read again when their files change, the provider's every ten minutes and
/// when a token names a key that is not known, but no more than once a minute. What was remembered is forgotten then.
public final class TokenVerifier: Sendable {
    /// Longer tokens are refused unread.
    public static let maximumLength = 8_192

    private let configuration: IdentityConfiguration
    private let provider: RemoteKeySet?
    private let secondsSinceEpoch: @Sendable () -> Double
    private let logger: Logger
    private let state: Mutex<State>

    private struct State {
        var keyring: Keyring
        /// When files are looked at next.
        var lookAgainAt = 0.0
        /// When the provider was last asked.
        var askedAt: Double
        var cache: TokenCache

        func isTimeToLook(_ now: Double) -> Bool {
            now >= lookAgainAt || now < lookAgainAt - 60
        }

        /// Other keys hold from now on: what came of tokens before says nothing any more.
        mutating func change(_ body: (inout Keyring) -> Void) {
            body(&keyring)
            cache.forgetAll()
        }
    }

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
        // Where a provider's keys are there, the hospital may do without its own.
        let people = try KeySetFile(
            path: configuration.jwksFile, content: .people, isOptional: provider != nil, logger: logger)
        let services = try KeySetFile(
            path: configuration.serviceJWKSFile, content: .services, isOptional: true, logger: logger)
        if services.keys.count == 0 {
            logger.warning("There is no key of a service: calls of other services are refused", metadata: ["file": "\(services.path)"])
        }
        let revoked = try RevocationFile(path: configuration.revocationFile)
        let provided = try await provider?.fetch(logger: logger) ?? .none
        state = Mutex(
            State(
                keyring: Keyring(people: people, services: services, provided: provided, revoked: revoked), askedAt: secondsSinceEpoch(),
                cache: TokenCache(capacity: cacheCapacity)))
    }

    /// Who the token speaks for.
    ///
    /// - Throws: ``TokenRefusal``.
    public func verify(_ token: String) async throws -> Principal {
        try await recognize(token).principal
    }

    /// Who the token speaks for, in a form that can be kept beside the token: ``vouches(for:)`` says how long it holds.
    ///
    /// - Throws: ``TokenRefusal``.
    public func recognize(_ token: String) async throws -> RecognizedCaller {
        guard token.utf8.count <= Self.maximumLength else { throw TokenRefusal.tooLong }
        let now = secondsSinceEpoch()
        if isTimeToLook(now) {
            readFilesAgain()
            await askProviderAgain(after: 600, now: now)
        }
        let digest = TokenDigest(token)
        let (remembered, lookAgainAt) = state.withLock { ($0.cache.outcome(of: digest, now: now), $0.lookAgainAt) }
        if let known = remembered { return RecognizedCaller(try known.get(), at: now, lookAgainAt: lookAgainAt) }
        let (outcome, generation) = await judge(token, now: now)
        let isCurrent = state.withLock { state in
            guard generation == state.keyring.generation else { return false }
            state.cache.remember(outcome, of: digest, now: now)
            return true
        }
        return RecognizedCaller(try outcome.get(), at: now, lookAgainAt: isCurrent ? lookAgainAt : now)
    }

    /// The same for a token that was looked at lately. Nil where one, or the key sets, have to be looked at first.
    public func recognizeAtOnce(_ token: String) throws(TokenRefusal) -> RecognizedCaller? {
        guard token.utf8.count <= Self.maximumLength else { throw .tooLong }
        let (now, digest) = (secondsSinceEpoch(), TokenDigest(token))
        let known = state.withLock { state in
            state.isTimeToLook(now) ? nil : state.cache.outcome(of: digest, now: now).map { ($0, state.lookAgainAt) }
        }
        guard let (outcome, lookAgainAt) = known else { return nil }
        return RecognizedCaller(try outcome.get(), at: now, lookAgainAt: lookAgainAt)
    }

    /// Whether nothing can have changed since the token was recognized: it has not expired, and it is not yet time to look
    /// whether other keys hold.
    public func vouches(for caller: RecognizedCaller) -> Bool {
        caller.holds(at: secondsSinceEpoch())
    }

    /// How many accepted tokens need no second look at their signature.
    var rememberedTokens: Int {
        state.withLock { $0.cache.acceptedCount }
    }

    /// How many refused tokens need no second look at their signature.
    var rememberedRefusals: Int {
        state.withLock { $0.cache.refusedCount }
    }

    /// Checks a token with the present keys, and says of which generation they are. A key that is not known may be a new one
    /// of the provider's.
    private func judge(_ token: String, now: Double) async -> (outcome: Result<VerifiedToken, TokenRefusal>, generation: Int) {
        let keys = state.withLock { $0.keyring }
        let outcome = check(token, with: keys, now: now)
        guard case .failure(.unknownKey) = outcome, await askProviderAgain(after: 60, now: now) else { return (outcome, keys.generation) }
        let freshKeys = state.withLock { $0.keyring }
        return (check(token, with: freshKeys, now: now), freshKeys.generation)
    }

    private func check(_ token: String, with keyring: Keyring, now: Double) -> Result<VerifiedToken, TokenRefusal> {
        Result { () throws(TokenRefusal) in
            let signed = try SignedToken(token)
            try signed.requireAccess()
            let key = try signed.signer(among: keyring.all, at: now)
            let claims: TokenClaims = try SignedToken.decode(signed.payload)
            return try claims.verified(
                by: key, unless: keyring.revoked.tokens, issuer: configuration.issuer, audience: configuration.audience, now: now,
                leeway: Double(configuration.leeway.components.seconds))
        }
    }
}

extension TokenVerifier {
    /// Whether a second has gone by since the key sets' files were last looked at.
    private func isTimeToLook(_ now: Double) -> Bool {
        state.withLock { state in
            guard state.isTimeToLook(now) else { return false }
            state.lookAgainAt = now + 1
            return true
        }
    }

    private func readFilesAgain() {
        for file in state.withLock({ [$0.keyring.people, $0.keyring.services] }) {
            guard let changed = file.readAgain(logger: logger) else { continue }
            state.withLock { $0.change { $0.replace(changed) } }
        }
        guard let revoked = state.withLock({ $0.keyring.revoked }).readAgain(logger: logger) else { return }
        state.withLock { $0.change { $0.replaceRevoked(by: revoked) } }
    }

    /// Asks unless that was done within so many seconds; says whether the keys are fresh now.
    @discardableResult
    private func askProviderAgain(after pause: Double, now: Double) async -> Bool {
        guard let provider, isTimeToAsk(after: pause, now: now) else { return false }
        do {
            let keys = try await provider.fetch(logger: logger)
            state.withLock { $0.change { $0.replaceProvided(by: keys) } }
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
}
