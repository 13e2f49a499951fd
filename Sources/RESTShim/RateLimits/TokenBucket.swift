import NIOCore

/// How often somebody may ask: so many times a second on average, and twice as many at once after a rest.
struct RateLimit: Hashable, Sendable {
    /// Nanoseconds for which one request counts.
    let interval: Int64
    /// Requests at once.
    let burst: Int64

    init(interval: Int64, burst: Int64) {
        (self.interval, self.burst) = (interval, burst)
    }

    /// Nil where there is no limit.
    ///
    /// - Parameter perSecond: 0 means none.
    init?(perSecond: Int) {
        guard perSecond > 0 else { return nil }
        interval = max(1, 1_000_000_000 / Int64(perSecond))
        burst = Int64(perSecond) * 2
    }
}

/// What somebody has left of a ``RateLimit``: a bucket that fills with time, and of which each request takes one token. All that is
/// kept is the instant at which it is full again (the generic cell rate algorithm), so one that is full needs not be kept.
struct TokenBucket {
    private(set) var fullAt = NIODeadline.distantPast

    /// Takes a token.
    ///
    /// - Returns: nil, or, where there is none, how long it takes until there is one. Nothing is taken then.
    mutating func take(_ limit: RateLimit, at now: NIODeadline) -> TimeAmount? {
        let start = max(fullAt, now)
        let wait = (start - now).nanoseconds - limit.interval * (limit.burst - 1)
        guard wait <= 0 else { return .nanoseconds(wait) }
        fullAt = start + .nanoseconds(limit.interval)
        return nil
    }

    /// Others have taken of it as well.
    mutating func learn(fullAt: NIODeadline) {
        self.fullAt = max(self.fullAt, fullAt)
    }

    func isFull(at now: NIODeadline) -> Bool {
        fullAt <= now
    }
}
