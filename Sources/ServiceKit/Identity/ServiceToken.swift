import Synchronization

/// The token of a service for work that no caller asked for. It lives shortly and is renewed when half of that is over.
public final class ServiceToken: Sendable {
    private struct Current {
        let token: String
        let renewAt: ContinuousClock.Instant
    }

    private let service: String
    private let signer: TokenSigner
    private let lifetime: Duration
    private let current = Mutex<Current?>(nil)

    public init(service: String, signer: TokenSigner, lifetime: Duration = .seconds(300)) {
        self.service = service
        self.signer = signer
        self.lifetime = lifetime
    }

    /// A token that is valid for at least half of its lifetime.
    public func token() async throws -> String {
        let now = ContinuousClock.now
        if let current = current.withLock({ $0 }), now < current.renewAt { return current.token }
        let token = try await signer.sign(subject: service, role: .service, lifetime: lifetime)
        current.withLock { $0 = Current(token: token, renewAt: now + lifetime / 2) }
        return token
    }
}
