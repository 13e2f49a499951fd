import Crypto
import Synchronization

/// Sessions in memory: they end with the process, and no other one knows them.
final class SessionTable: Sendable {
    private struct Kept {
        let session: Session
        let began: ContinuousClock.Instant
        var lastSeen: ContinuousClock.Instant
    }

    private let rules: SessionRules
    private let sessions = Mutex<[SHA256Digest: Kept]>([:])

    init(_ rules: SessionRules) {
        self.rules = rules
    }

    var count: Int { sessions.withLock { $0.count } }

    func keep(_ session: Session, _ key: SHA256Digest, at now: ContinuousClock.Instant) {
        sessions.withLock { sessions in
            makeRoom(for: session.person, in: &sessions, at: now)
            sessions[key] = Kept(session: session, began: now, lastSeen: now)
        }
    }

    /// Nil where there is none, or it has ended. It is seen by this.
    func find(_ key: SHA256Digest, at now: ContinuousClock.Instant) -> Session? {
        sessions.withLock { sessions in
            guard let kept = sessions[key] else { return nil }
            guard !hasEnded(kept, at: now) else {
                sessions[key] = nil
                return nil
            }
            sessions[key]?.lastSeen = now
            return kept.session
        }
    }

    func remove(_ key: SHA256Digest) {
        sessions.withLock { $0[key] = nil }
    }

    private func hasEnded(_ kept: Kept, at now: ContinuousClock.Instant) -> Bool {
        now - kept.lastSeen >= rules.idle || now - kept.began >= rules.lifetime
    }

    private func makeRoom(for person: SignedInPerson, in sessions: inout [SHA256Digest: Kept], at now: ContinuousClock.Instant) {
        let own = sessions.filter { $0.value.session.person.isSame(as: person) }
        if own.count >= rules.ofPerson, let oldest = own.min(by: { $0.value.began < $1.value.began }) { sessions[oldest.key] = nil }
        guard sessions.count >= rules.count else { return }
        sessions = sessions.filter { !hasEnded($0.value, at: now) }
        guard sessions.count >= rules.count else { return }
        if let idlest = sessions.min(by: { $0.value.lastSeen < $1.value.lastSeen }) { sessions[idlest.key] = nil }
    }
}
