public import RPC
import Storage

/// A request under an idempotency key, as a service may keep it beside what the request has begun: by it a retry finds
/// what an earlier try has left unfinished.
public struct IdempotentRequest: Hashable, Sendable {
    /// Who sent it: role and subject.
    public let caller: String
    public let key: String
    /// SHA-256 of the encoded request. The same key with another fingerprint is another request.
    public let fingerprint: [UInt8]

    public init(caller: String, key: String, fingerprint: [UInt8]) {
        self.caller = caller
        self.key = key
        self.fingerprint = fingerprint
    }
}

extension CallContext {
    /// Tells the caller that the answer is that of an earlier call under the same key.
    public func noteReplay() {
        reply("idempotent-replayed", "true")
    }

    /// The request of this call; nil where it has no idempotency key.
    public var idempotentRequest: IdempotentRequest? {
        values[IdempotencyScope.self].map { scope in
            IdempotentRequest(caller: scope.key.caller, key: scope.key.key, fingerprint: scope.fingerprint)
        }
    }
}
