import Crypto
import Foundation
import ServiceKit
import Synchronization

/// A sign-in that a browser has begun and that the provider has not ended yet.
struct PendingSignIn: Sendable {
    /// Comes back beside the code, and proves that this browser has asked for it.
    let state = Sessions.secret()
    /// Comes back in the ID token, and proves that it answers this.
    let nonce = Sessions.secret()
    /// Proves to the provider that who brings the code is who has asked for it (PKCE, RFC 7636).
    let verifier = Sessions.secret()
    let returnTo: String
    let began: ContinuousClock.Instant

    var challenge: String { Base64URL.encode(SHA256.hash(data: Data(verifier.utf8))) }
}

/// Those of all browsers, by what each holds in a cookie. Each is ended once.
final class PendingSignIns: Sendable {
    private let pending = Mutex<[SHA256Digest: PendingSignIn]>([:])
    private let capacity: Int

    static let lifetime: Duration = .seconds(600)

    init(capacity: Int = 10_000) {
        self.capacity = capacity
    }

    /// - Returns: what the browser keeps.
    func begin(_ signIn: PendingSignIn) -> String {
        let secret = Sessions.secret()
        pending.withLock { pending in
            if pending.count >= capacity { pending = pending.filter { signIn.began - $0.value.began < Self.lifetime } }
            if pending.count >= capacity, let oldest = pending.min(by: { $0.value.began < $1.value.began }) { pending[oldest.key] = nil }
            pending[SHA256.hash(data: Data(secret.utf8))] = signIn
        }
        return secret
    }

    /// Takes it out, whatever comes of it. Nil where there is none.
    func end(_ secret: String, at now: ContinuousClock.Instant = .now) -> PendingSignIn? {
        let found = pending.withLock { $0.removeValue(forKey: SHA256.hash(data: Data(secret.utf8))) }
        return found.flatMap { now - $0.began < Self.lifetime ? $0 : nil }
    }

    var count: Int { pending.withLock { $0.count } }
}
