/// What came of the calls of a cache since it was opened.
public struct CacheCounts: Hashable, Sendable {
    /// Entries that were found.
    public var hits = 0
    /// Entries that were not there, or were too old by then.
    public var misses = 0
    /// Calls that waited in vain, and those on a connection that broke.
    public var failures = 0
    /// Calls that were not sent: the cache was away or late, or too many waited.
    public var unsent = 0
    /// Answers that were refusals, such as that it is full, and entries that were damaged.
    public var refusals = 0
}
