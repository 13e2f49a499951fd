/// When a cache that is broken may be tried again: after a pause that doubles with every failure.
struct Circuit: Sendable {
    private let limits: CacheLimits
    private var pause: Duration
    private(set) var nextTry: ContinuousClock.Instant
    private var openedAt: ContinuousClock.Instant?

    init(_ limits: CacheLimits, at now: ContinuousClock.Instant) {
        self.limits = limits
        pause = limits.firstPause
        nextTry = now
    }

    mutating func opened(at now: ContinuousClock.Instant) {
        openedAt = now
    }

    /// - Parameter chance: from 0 to 1; replicas that have lost the same cache come back at different times.
    mutating func failed(at now: ContinuousClock.Instant, chance: Double) {
        if let openedAt, now - openedAt >= limits.goodService { pause = limits.firstPause }
        openedAt = nil
        nextTry = now + pause * (0.75 + chance / 2)
        pause = min(pause * 2, limits.longestPause)
    }
}
