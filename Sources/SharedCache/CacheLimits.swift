/// How much of its callers' time a cache may take, and how much memory.
public struct CacheLimits: Sendable {
    /// How long one call waits for its answer.
    public var deadline: Duration = .milliseconds(10)
    /// How long an answer that nobody waits for any more may be owed before the connection is given up.
    public var patience: Duration = .milliseconds(200)
    /// How many calls in a row may wait in vain before it is.
    public var missesInARow = 3
    /// How long a connection may take to be made and to let us in.
    public var connectTime: Duration = .seconds(1)
    /// How long a broken cache is left alone; the pause doubles up to the longest.
    public var firstPause: Duration = .milliseconds(100)
    public var longestPause: Duration = .seconds(30)
    /// How long a connection serves before the next failure is the first again.
    public var goodService: Duration = .seconds(1)
    /// Calls that wait or are under way at once.
    public var operations = 1_024
    /// Bytes that one value may have.
    public var valueByteCount = 128 * 1_024
    /// How often the counts are logged.
    public var countsEvery: Duration = .seconds(600)

    public init() {}

    /// For what nobody else knows: callers wait for it, and a cache that was away is asked again soon.
    public static var patient: CacheLimits {
        var limits = CacheLimits()
        limits.deadline = .seconds(1)
        limits.patience = .seconds(1)
        limits.longestPause = .seconds(1)
        return limits
    }
}
