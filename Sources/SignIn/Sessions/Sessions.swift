import Crypto
import Foundation
public import ServiceKit
public import SharedCache
import Synchronization

/// How long somebody stays signed in, and how many may be.
public struct SessionRules: Hashable, Sendable {
    /// Without a request.
    public var idle: Duration
    /// In all.
    public var lifetime: Duration
    /// Sessions of one person; a further one ends his oldest.
    public var ofPerson = 16
    /// Sessions of all in memory; a further one ends the one that has rested longest.
    public var count = 10_000

    public init(idle: Duration = .seconds(1_800), lifetime: Duration = .seconds(12 * 3_600)) {
        self.idle = idle
        self.lifetime = lifetime
    }
}

/// That somebody has signed in.
struct Session: Sendable {
    let person: SignedInPerson
    /// Seconds since 1970.
    let began: Double
}

/// Who is signed in. A browser holds a secret by chance and nothing else; of the secret only a digest is kept here.
///
/// Behind the door a session speaks by a token, as everybody does, which is good for minutes and never leaves the hospital. It is as old
/// as the session, so that `hms revoke` ends both. Sessions are in the shared cache, and so every shim's; where there is none they are in
/// memory (``SessionTable``), end with the process, and no other shim knows them.
public final class Sessions: Sendable {
    /// Where they are.
    private enum Place: Sendable {
        case memory(SessionTable)
        case cache(SharedSessions)
    }

    private typealias Token = (text: String, renewAt: ContinuousClock.Instant, keyID: String)

    private let place: Place
    private let identity: IdentityConfiguration
    private let keyFile: SigningKeyFile
    private let users: UserDirectory
    /// Of the sessions that were seen last here.
    private let tokens = Mutex<[SHA256Digest: Token]>([:])

    private static let tokenLifetime: Duration = .seconds(300)
    private static let mostTokens = 10_000

    /// - Parameters:
    ///   - identity: whose key signs the tokens of sessions.
    ///   - cache: in which all shims have them; nil: this process alone has them.
    public init(_ rules: SessionRules, _ identity: IdentityConfiguration, users: UserDirectory, cache: SharedCache? = nil) {
        self.identity = identity
        keyFile = SigningKeyFile(identity.signingKeyFile)
        self.users = users
        place =
            cache.map { .cache(SharedSessions(rules: rules, cache: $0, seal: SessionSeal(identity))) } ?? .memory(SessionTable(rules))
    }

    /// Signs somebody in.
    ///
    /// - Returns: the secret that his browser is given.
    /// - Throws: ``FileError`` where there is no key to sign tokens with, ``SessionsUnavailable``.
    public func open(for person: SignedInPerson, at now: ContinuousClock.Instant = .now) async throws -> String {
        let secret = Self.secret()
        let key = Self.key(of: secret)
        let session = Session(person: person, began: Self.seconds(at: now))
        let token = try token(for: session, at: now)
        switch place {
        case .memory(let table): table.keep(session, key, at: now)
        case .cache(let shared): try await shared.keep(session, key)
        }
        remember(token, key, at: now)
        return secret
    }

    /// Who is signed in by a secret, and a token that says so. Nil where nobody is, or not any more.
    ///
    /// - Throws: ``FileError`` where there is no key to sign tokens with, ``SessionsUnavailable``.
    public func session(of secret: String, at now: ContinuousClock.Instant = .now) async throws -> (
        person: SignedInPerson, token: String
    )? {
        guard case .cache(let shared) = place else { return try sessionAtOnce(of: secret, at: now) }
        let key = Self.key(of: secret)
        guard let session = try await shared.find(key, at: Self.seconds(at: now)) else { return nil }
        guard isStillHimself(session.person) else {
            try await shared.remove(key)
            return nil
        }
        return try speaking(session, key, at: now)
    }

    /// Whether ``sessionAtOnce(of:at:)`` knows every session.
    public var areAtHand: Bool {
        if case .memory = place { true } else { false }
    }

    /// The same of sessions in memory; nil for all others.
    ///
    /// - Throws: ``FileError`` where there is no key to sign tokens with.
    public func sessionAtOnce(of secret: String, at now: ContinuousClock.Instant = .now) throws -> (
        person: SignedInPerson, token: String
    )? {
        guard case .memory(let table) = place else { return nil }
        let key = Self.key(of: secret)
        guard let session = table.find(key, at: now) else { return nil }
        guard isStillHimself(session.person) else {
            table.remove(key)
            return nil
        }
        return try speaking(session, key, at: now)
    }

    /// Signs out.
    ///
    /// - Throws: ``SessionsUnavailable``: then he may be signed in still.
    public func close(_ secret: String) async throws {
        let key = Self.key(of: secret)
        switch place {
        case .memory(let table): table.remove(key)
        case .cache(let shared): try await shared.remove(key)
        }
        tokens.withLock { $0[key] = nil }
    }

    /// How many are in memory.
    var count: Int {
        if case .memory(let table) = place { table.count } else { 0 }
    }

    /// Nobody has taken him out of the users since, or given him another password.
    private func isStillHimself(_ person: SignedInPerson) -> Bool {
        guard case .user(let name, let revision) = person.source else { return true }
        guard let user = users.user(name, since: revision) else { return false }
        return !user.isDisabled && user.revision == revision
    }

    private func speaking(_ session: Session, _ key: SHA256Digest, at now: ContinuousClock.Instant) throws -> (
        person: SignedInPerson, token: String
    ) {
        let keyID = try keyFile.key(at: now).id
        if let token = tokens.withLock({ $0[key] }), now < token.renewAt, token.keyID == keyID { return (session.person, token.text) }
        let token = try token(for: session, at: now)
        remember(token, key, at: now)
        return (session.person, token.text)
    }

    private func remember(_ token: Token, _ key: SHA256Digest, at now: ContinuousClock.Instant) {
        tokens.withLock { tokens in
            if tokens.count >= Self.mostTokens { tokens = tokens.filter { now < $0.value.renewAt } }
            if tokens.count >= Self.mostTokens { tokens = [:] }
            tokens[key] = token
        }
    }

    private func token(for session: Session, at now: ContinuousClock.Instant) throws -> Token {
        let key = try keyFile.key(at: now)
        let text = try TokenSigner(key: key, identity).sign(
            subject: session.person.subject, role: session.person.role, lifetime: Self.tokenLifetime, issuedAt: session.began)
        return (text, now + Self.tokenLifetime / 2, key.id)
    }

    /// Since 1970, by this machine's clock: what shims on several machines have in common.
    private static func seconds(at now: ContinuousClock.Instant) -> Double {
        Double(SystemTime.millisecondsSinceEpoch()) / 1_000 + (now - .now) / .seconds(1)
    }

    /// 256 bits by chance.
    static func secret() -> String {
        Base64URL.encode((0..<32).map { _ in UInt8.random(in: .min ... .max) })
    }

    private static func key(of secret: String) -> SHA256Digest {
        SHA256.hash(data: Data(secret.utf8))
    }
}
