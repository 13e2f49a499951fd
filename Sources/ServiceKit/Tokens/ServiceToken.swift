import RPC
import Synchronization

/// The token of a service for calls in its own name, signed with its own key. It lives shortly and is renewed when half of that is over.
public final class ServiceToken: Sendable {
    private struct Current {
        let token: String
        let renewAt: ContinuousClock.Instant
    }

    private let service: String
    private let identity: IdentityConfiguration
    private let lifetime: Duration
    private let current = Mutex<Current?>(nil)

    public init(service: String, identity: IdentityConfiguration, lifetime: Duration = .seconds(300)) {
        self.service = service
        self.identity = identity
        self.lifetime = lifetime
    }

    /// A token that is valid for at least half of its lifetime.
    ///
    /// - Throws: `UNAVAILABLE` where the service has no key to sign with.
    public func token() throws -> String {
        let now = ContinuousClock.now
        if let current = current.withLock({ $0 }), now < current.renewAt { return current.token }
        let token = try signer().sign(subject: service, role: .service, lifetime: lifetime)
        current.withLock { $0 = Current(token: token, renewAt: now + lifetime / 2) }
        return token
    }

    private func signer() throws -> TokenSigner {
        do {
            return TokenSigner(key: try SigningKey(pemFile: identity.serviceKeyFile(of: service)), identity)
        } catch is FileError {
            throw RPCError.unavailable("The \(service) service has no key to sign its own calls with.")
        }
    }
}
