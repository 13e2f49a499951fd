import Crypto
import Foundation
public import ServiceKit
import Synchronization

/// How long somebody stays signed in, and how many may be.
public struct SessionRules: Hashable, Sendable {
    /// Without a request.
    public var idle: Duration
    /// In all.
    public var lifetime: Duration
    /// Sessions of one person; a further one ends his oldest.
    public var ofPerson = 16
    /// Sessions of all; a further one ends the one that has rested longest.
    public var count = 10_000

    public init(idle: Duration = .seconds(1_800), lifetime: Duration = .seconds(12 * 3_600)) {
        self.idle = idle
        self.lifetime = lifetime
    }
}

/// Who is signed in. A browser holds a secret by chance and nothing else; of the secret only a digest is kept here.
///
/// Behind the door a session speaks by a token, as everybody does, which is good for minutes and never leaves the hospital. It is as old
/// as the session, so that `hms revoke` ends both. Sessions are in memory: they end with the process, and no replica knows another's.
public final class Sessions: Sendable {
    private struct Session {
        let person: SignedInPerson
        let began: ContinuousClock.Instant
        /// Seconds since 1970.
        let issuedAt: Double
        var lastSeen: ContinuousClock.Instant
        var token: (text: String, renewAt: ContinuousClock.Instant)?
    }

    private typealias Key = SHA256Digest

    private let rules: SessionRules
    private let identity: IdentityConfiguration
    private let users: UserDirectory
    private let sessions = Mutex<[Key: Session]>([:])

    private static let tokenLifetime: Duration = .seconds(300)

    /// - Parameter identity: whose key signs the tokens of sessions.
    public init(_ rules: SessionRules, _ identity: IdentityConfiguration, users: UserDirectory) {
        self.rules = rules
        self.identity = identity
        self.users = users
    }

    /// Signs somebody in.
    ///
    /// - Returns: the secret that his browser is given.
    /// - Throws: ``FileError`` where there is no key to sign tokens with.
    public func open(for person: SignedInPerson, at now: ContinuousClock.Instant = .now) throws -> String {
        let secret = Self.secret()
        var session = Session(
            person: person, began: now, issuedAt: Double(SystemTime.millisecondsSinceEpoch()) / 1_000, lastSeen: now, token: nil)
        session.token = try token(for: session, at: now)
        sessions.withLock { [session] sessions in
            makeRoom(for: person, in: &sessions, at: now)
            sessions[Self.key(of: secret)] = session
        }
        return secret
    }

    /// Who is signed in by a secret, and a token that says so. Nil where nobody is, or not any more.
    ///
    /// - Throws: ``FileError`` where there is no key to sign tokens with.
    public func session(of secret: String, at now: ContinuousClock.Instant = .now) throws -> (person: SignedInPerson, token: String)? {
        let key = Self.key(of: secret)
        guard let session = sessions.withLock({ live(key, in: &$0, at: now) }) else { return nil }
        if let token = session.token, now < token.renewAt { return (session.person, token.text) }
        let token = try token(for: session, at: now)
        sessions.withLock { $0[key]?.token = token }
        return (session.person, token.text)
    }

    /// Signs out.
    public func close(_ secret: String) {
        sessions.withLock { $0[Self.key(of: secret)] = nil }
    }

    var count: Int { sessions.withLock { $0.count } }

    private func live(_ key: Key, in sessions: inout [Key: Session], at now: ContinuousClock.Instant) -> Session? {
        guard let session = sessions[key] else { return nil }
        guard !hasEnded(session, at: now), isStillHimself(session.person) else {
            sessions[key] = nil
            return nil
        }
        sessions[key]?.lastSeen = now
        return session
    }

    private func hasEnded(_ session: Session, at now: ContinuousClock.Instant) -> Bool {
        now - session.lastSeen >= rules.idle || now - session.began >= rules.lifetime
    }

    /// Nobody has taken him out of the users since, or given him another password.
    private func isStillHimself(_ person: SignedInPerson) -> Bool {
        guard case .user(let name, let revision) = person.source else { return true }
        guard let user = users.user(name) else { return false }
        return !user.isDisabled && user.revision == revision
    }

    private func makeRoom(for person: SignedInPerson, in sessions: inout [Key: Session], at now: ContinuousClock.Instant) {
        let own = sessions.filter { $0.value.person.subject == person.subject && $0.value.person.role == person.role }
        if own.count >= rules.ofPerson, let oldest = own.min(by: { $0.value.began < $1.value.began }) { sessions[oldest.key] = nil }
        guard sessions.count >= rules.count else { return }
        sessions = sessions.filter { !hasEnded($0.value, at: now) }
        guard sessions.count >= rules.count else { return }
        if let idlest = sessions.min(by: { $0.value.lastSeen < $1.value.lastSeen }) { sessions[idlest.key] = nil }
    }

    private func token(for session: Session, at now: ContinuousClock.Instant) throws -> (text: String, renewAt: ContinuousClock.Instant) {
        let signer = TokenSigner(key: try SigningKey(pemFile: identity.signingKeyFile), identity)
        let text = try signer.sign(
            subject: session.person.subject, role: session.person.role, lifetime: Self.tokenLifetime, issuedAt: session.issuedAt)
        return (text, now + Self.tokenLifetime / 2)
    }

    /// 256 bits by chance.
    static func secret() -> String {
        Base64URL.encode((0..<32).map { _ in UInt8.random(in: .min ... .max) })
    }

    private static func key(of secret: String) -> Key {
        SHA256.hash(data: Data(secret.utf8))
    }
}
