/// One commit, told to whoever measures.
public struct CommitReport: Sendable {
    /// The writes that it holds.
    public let writes: Int
    /// How long making it durable took: the COMMIT with its flush, and not the statements before it.
    public let duration: Duration
    /// How long the oldest of the writes had waited for its turn, beyond the commit that was under way when it came. Zero on a server,
    /// where writes wait for one another elsewhere.
    public var wait = Duration.zero
}
