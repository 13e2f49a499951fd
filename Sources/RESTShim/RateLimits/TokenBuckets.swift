import NIOCore
import Synchronization

/// A bucket for each of many, of whom only those are remembered whose bucket is not full.
///
/// Nobody gets a full bucket anew by being forgotten. Where so many ask that not all can be remembered, those who come too late
/// share one bucket.
final class TokenBuckets<Key: Hashable & Sendable>: Sendable {
    private struct State {
        var buckets: [Key: TokenBucket] = [:]
        var crowd = TokenBucket()
        var nextSweep = NIODeadline.distantPast
    }

    private let limit: RateLimit
    private let capacity: Int
    private let state = Mutex(State())

    /// The buckets of all are looked through no more often than this.
    private static var sweepPause: TimeAmount { .seconds(1) }

    /// - Parameter capacity: how many are remembered: some 64 bytes each, and their names.
    init(_ limit: RateLimit, capacity: Int = 65_536) {
        self.limit = limit
        self.capacity = capacity
    }

    /// How many are remembered.
    var count: Int { state.withLock { $0.buckets.count } }

    /// Takes a token of somebody's.
    ///
    /// - Returns: nil, or how long it takes until there is one.
    func take(of key: Key, at now: NIODeadline = .now()) -> TimeAmount? {
        state.withLock { state in
            if let known = state.buckets.index(forKey: key) { return state.buckets.values[known].take(limit, at: now) }
            makeRoom(in: &state, at: now)
            guard state.buckets.count < capacity else { return state.crowd.take(limit, at: now) }
            var bucket = TokenBucket()
            defer { state.buckets[key] = bucket }
            return bucket.take(limit, at: now)
        }
    }

    /// Others have taken of somebody's bucket as well, so that it is full no sooner than that.
    func learn(of key: Key, fullAt: NIODeadline) {
        state.withLock { $0.buckets[key]?.learn(fullAt: fullAt) }
    }

    private func makeRoom(in state: inout State, at now: NIODeadline) {
        guard state.buckets.count >= capacity, state.nextSweep <= now else { return }
        state.nextSweep = now + Self.sweepPause
        state.buckets = state.buckets.filter { !$0.value.isFull(at: now) }
    }
}
