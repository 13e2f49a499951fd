/// What a database did since it was opened, for metrics.
public struct StorageCounts: Hashable, Sendable {
    /// Commits, and the writes they held; the more clients, the more writes share one.
    public var commits = 0
    public var writes = 0
    /// Writes that wait for the writer now.
    public var waitingWrites = 0
    /// Short reads that had to move to a thread: all connections were in use, or they took too long.
    public var movedReads = 0
    /// Bytes of what is committed and not in the database file yet; nil where that is the server's.
    public var logBytes: Int?
    /// Connections to a server that are open, and those of them that do something; nil where there is no server.
    public var connections: Int?
    public var connectionsInUse: Int?
}
