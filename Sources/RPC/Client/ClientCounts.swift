import Synchronization

/// What a client has done beside its calls since it was made, over all replicas, for metrics.
public final class ClientCounts: Sendable {
    private let retried = Atomic(0)
    private let ejected = Atomic(0)
    private let opened = Atomic(0)
    private let ended = Atomic(0)
    private let unreached = Atomic(0)

    /// Attempts at calls after their first ones.
    public var retries: Int { retried.load(ordering: .relaxed) }
    /// How often a replica was given no calls for a while, because its calls ended in UNAVAILABLE.
    public var ejections: Int { ejected.load(ordering: .relaxed) }
    /// Connections that came so far that calls could go.
    public var connectionsOpened: Int { opened.load(ordering: .relaxed) }
    /// Those that take calls now.
    public var connectionsOpen: Int { connectionsOpened - ended.load(ordering: .relaxed) }
    /// Attempts to connect that failed.
    public var connectionsFailed: Int { unreached.load(ordering: .relaxed) }

    func callRetried() { retried.wrappingAdd(1, ordering: .relaxed) }
    func replicaEjected() { ejected.wrappingAdd(1, ordering: .relaxed) }
    func connectionOpened() { opened.wrappingAdd(1, ordering: .relaxed) }
    func connectionEnded() { ended.wrappingAdd(1, ordering: .relaxed) }
    func connectionFailed() { unreached.wrappingAdd(1, ordering: .relaxed) }
}
