import Synchronization

/// The keys whose first request runs now.
///
/// One process serves a SQLite database, so a table in memory is the whole truth: a process that dies takes its claims
/// with it. With several processes on PostgreSQL a claim is also an advisory lock on the key's hash, held by the
/// connection that runs the request and released by the server when that dies.
final class IdempotencyClaims: Sendable {
    private let running = Mutex<[IdempotencyKey: [UInt8]]>([:])

    /// The claim, or the fingerprint of the request that has it.
    func take(_ key: IdempotencyKey, _ fingerprint: [UInt8]) -> (claim: IdempotencyClaim?, holder: [UInt8]?) {
        running.withLock { running in
            if let holder = running[key] { return (nil, holder) }
            running[key] = fingerprint
            return (IdempotencyClaim(key, of: self), nil)
        }
    }

    fileprivate func release(_ key: IdempotencyKey) {
        running.withLock { _ = $0.removeValue(forKey: key) }
    }
}

/// The right to run the first request under a key. It ends with the object's life, at the latest; release it when the
/// request was answered.
public final class IdempotencyClaim: Sendable {
    public let key: IdempotencyKey
    private let claims: IdempotencyClaims
    private let isReleased = Atomic(false)

    fileprivate init(_ key: IdempotencyKey, of claims: IdempotencyClaims) {
        self.key = key
        self.claims = claims
    }

    deinit {
        release()
    }

    public func release() {
        if !isReleased.exchange(true, ordering: .acquiringAndReleasing) { claims.release(key) }
    }
}
