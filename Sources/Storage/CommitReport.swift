/// One commit, told to whoever measures.
public struct CommitReport: Sendable {
    /// The writes that it holds.
    public let writes: Int
    /// How long making it durable took: the COMMIT with its flush, and not the statements before it.
    public let duration: Duration
}
