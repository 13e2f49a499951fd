public import Logging
public import RPC

/// What a test or a benchmark puts in the place of the real thing.
public struct HostOptions: Sendable {
    /// Instead of JSON lines on standard error.
    public var logger: Logger?
    /// Instead of the configured clock.
    public var clock: HospitalClock?
    /// Instead of clients to the configured addresses, by the service's name.
    public var peers: [String: any RPCChannel]

    public init(logger: Logger? = nil, clock: HospitalClock? = nil, peers: [String: any RPCChannel] = [:]) {
        self.logger = logger
        self.clock = clock
        self.peers = peers
    }
}
