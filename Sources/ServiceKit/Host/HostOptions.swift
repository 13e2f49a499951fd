public import Logging
public import MetricsRegistry
public import RPC

/// What a supervisor, a test or a benchmark puts in the place of the usual thing.
public struct HostOptions: Sendable {
    /// Instead of JSON lines on standard error.
    public var logger: Logger?
    /// Instead of the configured clock.
    public var clock: HospitalClock?
    /// Instead of clients to the configured addresses, by the service's name.
    public var peers: [String: any RPCChannel]

    /// How much the service takes on at once, by how long what it has taken on waits.
    public var admission = Admission()

    /// Where the service counts.
    public var metrics: Metrics

    /// Where the service remembers what it did; one of its own where nil.
    public var traces: SpanRecorder?

    /// Whether the spans that libraries make in this process are taken. There can be one such service in a process.
    public var takesSpansOfLibraries = false

    /// Instead of a listening socket of its own.
    public var inherited: InheritedDescriptors

    public init(
        logger: Logger? = nil, clock: HospitalClock? = nil, peers: [String: any RPCChannel] = [:], metrics: Metrics = .ofProcess(),
        inherited: InheritedDescriptors = .none
    ) {
        self.logger = logger
        self.clock = clock
        self.peers = peers
        self.metrics = metrics
        self.inherited = inherited
    }
}
