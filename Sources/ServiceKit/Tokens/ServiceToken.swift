import RPC
import Synchronization

/// The token of a service for calls in its own name, signed with its own key. It lives shortly and is renewed when half of that is over,
/// and within a second after the service was given another key.
public final class ServiceToken: Sendable {
    private struct Current {
        let token: String
        let renewAt: ContinuousClock.Instant
        let keyID: String
    }

    private let service: String
    private let identity: IdentityConfiguration
    private let lifetime: Duration
    private let keyFile: SigningKeyFile
    private let current = Mutex<Current?>(nil)

    public init(service: String, identity: IdentityConfiguration, lifetime: Duration = .seconds(300)) {
        self.service = service
        self.identity = identity
        self.lifetime = lifetime
        keyFile = SigningKeyFile(identity.serviceKeyFile(of: service))
    }

    /// A token that is valid for at least half of its lifetime.
    ///
    /// - Throws: `UNAVAILABLE` where the service has no key to sign with.
    public func token() throws -> String {
        let now = ContinuousClock.now
        let key = try key(at: now)
        if let current = current.withLock({ $0 }), now < current.renewAt, current.keyID == key.id { return current.token }
        let token = try TokenSigner(key: key, identity).sign(subject: service, role: .service, lifetime: lifetime)
        current.withLock { $0 = Current(token: token, renewAt: now + lifetime / 2, keyID: key.id) }
        return token
    }

    private func key(at now: ContinuousClock.Instant) throws -> SigningKey {
        do {
            return try keyFile.key(at: now)
        } catch is FileError {
            throw RPCError.unavailable("The \(service) service has no key to sign its own calls with.")
        }
    }
}
