import Crypto
import Foundation
import ServiceKit
import SharedCache
import Synchronization

/// A sign-in that a browser has begun and that the provider has not ended yet.
struct PendingSignIn: Codable, Sendable {
    /// Comes back beside the code, and proves that this browser has asked for it.
    let state: String
    /// Comes back in the ID token, and proves that it answers this.
    let nonce: String
    /// Proves to the provider that who brings the code is who has asked for it (PKCE, RFC 7636).
    let verifier: String
    let returnTo: String

    init(returnTo: String) {
        (state, nonce, verifier) = (Sessions.secret(), Sessions.secret(), Sessions.secret())
        self.returnTo = returnTo
    }

    var challenge: String { Base64URL.encode(SHA256.hash(data: Data(verifier.utf8))) }
}

/// Those of all browsers, by what each holds in a cookie. Each is ended once. They are in the shared cache, so that a browser may come
/// back to any shim; where there is none, in memory.
final class PendingSignIns: Sendable {
    private struct Begun {
        let signIn: PendingSignIn
        let at: ContinuousClock.Instant
    }

    private let pending = Mutex<[SHA256Digest: Begun]>([:])
    private let shared: (cache: SharedCache, seal: SessionSeal)?
    private let capacity: Int

    static let lifetime: Duration = .seconds(600)

    /// Keeps it, and lets go of the oldest of all where there are too many.
    private static let keeping = CacheScript(
        """
        redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2]) local t = redis.call('TIME') local now = t[1] * 1000000 + t[2] \
        redis.call('ZREMRANGEBYSCORE', KEYS[2], 0, now - ARGV[2] * 1000) redis.call('ZADD', KEYS[2], now, KEYS[1]) \
        local over = redis.call('ZCARD', KEYS[2]) - ARGV[3] \
        if over > 0 then for _, k in ipairs(redis.call('ZRANGE', KEYS[2], 0, over - 1)) do \
        redis.call('DEL', k) redis.call('ZREM', KEYS[2], k) end end \
        redis.call('PEXPIRE', KEYS[2], ARGV[2]) return 1
        """)

    private static let taking = CacheScript("local v = redis.call('GET', KEYS[1]) redis.call('DEL', KEYS[1]) return v")

    init(capacity: Int = 10_000, shared: (cache: SharedCache, seal: SessionSeal)? = nil) {
        self.capacity = capacity
        self.shared = shared
    }

    /// - Returns: what the browser keeps.
    /// - Throws: ``SessionsUnavailable``; ``FileError`` where there is no key to close it with.
    func begin(_ signIn: PendingSignIn, at now: ContinuousClock.Instant = .now) async throws -> String {
        let secret = Sessions.secret()
        let key = SHA256.hash(data: Data(secret.utf8))
        guard let (cache, seal) = shared else {
            keep(Begun(signIn: signIn, at: now), key)
            return secret
        }
        let sealed = try seal.close(signIn, for: key.hex)
        let answer = await cache.run(
            Self.keeping, on: [Self.key(key.hex), CacheKey("hms.rest", "sign-ins")],
            [sealed, Self.lifetime.millisecondsText, Array("\(capacity)".utf8)])
        guard answer != nil else { throw SessionsUnavailable() }
        return secret
    }

    private func keep(_ begun: Begun, _ key: SHA256Digest) {
        pending.withLock { pending in
            if pending.count >= capacity { pending = pending.filter { begun.at - $0.value.at < Self.lifetime } }
            if pending.count >= capacity, let oldest = pending.min(by: { $0.value.at < $1.value.at }) { pending[oldest.key] = nil }
            pending[key] = begun
        }
    }

    /// Takes it out, whatever comes of it. Nil where there is none.
    ///
    /// - Throws: ``SessionsUnavailable``; ``FileError`` where there is no key to open it with.
    func end(_ secret: String, at now: ContinuousClock.Instant = .now) async throws -> PendingSignIn? {
        let key = SHA256.hash(data: Data(secret.utf8))
        guard let (cache, seal) = shared else {
            let found = pending.withLock { $0.removeValue(forKey: key) }
            return found.flatMap { now - $0.at < Self.lifetime ? $0.signIn : nil }
        }
        guard let answer = await cache.run(Self.taking, on: [Self.key(key.hex)], []) else { throw SessionsUnavailable() }
        guard case .bytes(let sealed) = answer else { return nil }
        return try seal.open(sealed, of: key.hex, as: PendingSignIn.self)
    }

    /// How many are in memory.
    var count: Int { pending.withLock { $0.count } }

    private static func key(_ place: String) -> CacheKey {
        CacheKey("hms.rest", "sign-in", place)
    }
}
