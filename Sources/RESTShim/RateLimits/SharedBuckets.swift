import NIOCore
import ServiceKit
import SharedCache
import Synchronization

/// Buckets that the replicas of the shim share, as far as each knows: a request is judged by what this process knows at once, and waits for
/// nobody. What it has taken it tells to the cache right then, and learns how much all have taken together; so the replicas let through
/// more than the limit only while that is under way. A cache that is gone or late leaves each with its own count.
final class SharedBuckets<Key: Hashable & Sendable & CustomStringConvertible>: Sendable {
    /// Tokens that were taken of a bucket and not told yet, of the buckets about which the cache is being asked.
    private let untold = Mutex<[Key: Int]>([:])
    private let buckets: TokenBuckets<Key>
    private let limit: RateLimit
    /// Of what these are: `caller`.
    private let kind: String
    private let cache: SharedCache?

    /// Buckets about which the cache is asked at once; of others each replica counts for itself.
    private static var mostAsked: Int { 256 }

    init(_ limit: RateLimit, _ kind: String, _ cache: SharedCache?) {
        self.limit = limit
        self.kind = kind
        self.cache = cache
        buckets = TokenBuckets(limit)
    }

    /// Takes a token of somebody's.
    ///
    /// - Returns: nil, or how long it takes until there is one.
    func take(of key: Key, at now: NIODeadline = .now()) -> TimeAmount? {
        if let wait = buckets.take(of: key, at: now) { return wait }
        if let cache { tell(cache, of: key) }
        return nil
    }

    private func tell(_ cache: SharedCache, of key: Key) {
        let isFirst = untold.withLock { untold in
            if let more = untold[key] {
                untold[key] = more + 1
                return false
            }
            guard untold.count < Self.mostAsked else { return false }
            untold[key] = 0
            return true
        }
        guard isFirst else { return }
        Task {
            var count: Int? = 1
            while let taken = count {
                let answer = await cache.take(
                    taken, of: name(of: key), interval: limit.duration, most: limit.duration * Double(limit.burst))
                if let left = answer { buckets.learn(of: key, fullAt: .now() + .nanoseconds(Int64(left / .nanoseconds(1)))) }
                count = takeUntold(of: key)
            }
        }
    }

    /// What was taken meanwhile; nil where nothing was.
    private func takeUntold(of key: Key) -> Int? {
        untold.withLock { untold in
            guard let more = untold[key], more > 0 else {
                untold[key] = nil
                return nil
            }
            untold[key] = 0
            return more
        }
    }

    /// No subject and no address stands in the cache.
    private func name(of key: Key) -> CacheKey {
        CacheKey("hms.rest", "rate", kind, TokenDigest(key.description).description)
    }
}

extension RateLimit {
    /// The time for which one request counts.
    fileprivate var duration: Duration { .nanoseconds(interval) }
}
