/// How a server listens, and what it lets callers cost it.
public struct RPCServerOptions: Sendable {
    public var host = "127.0.0.1"
    /// 0: any free port; ``RPCServer/start()`` tells which.
    public var port = 0
    /// A listening socket that is there already and takes the place of ``host`` and ``port``; the server closes it.
    public var listener: CInt?
    public var limits = ConnectionLimits()
    /// Nil: anybody who reaches the port is listened to, and what is said can be read by whoever is between.
    public var tls: ServerTLS?
    /// Connections beyond this are closed at once.
    public var maximumConnections = 4096
    /// Calls in flight over all connections; beyond it calls are refused before they are decoded.
    public var maximumCallsInFlight = 4096
    /// Of them, those that are answered by a stream.
    public var maximumStreamsInFlight = 256
    /// Bytes that requests in flight, incomplete frames and unread answers may hold over all connections; beyond it
    /// requests are refused, those of 64 KiB or more from three quarters on.
    public var maximumHeldBytes = 256 * 1024 * 1024
    /// How many calls are taken on instead, where that is found by how long they wait; nil: ``maximumCallsInFlight``, always.
    public var admission: Admission?
    /// What a refused caller is asked to wait.
    public var overloadPushback: Duration = .milliseconds(200)
    /// The longest that a call may take, whatever its caller grants.
    public var maximumTimeout: Duration = .seconds(60)
    /// The same for a call that is answered by a stream: it lasts as long as its caller reads.
    public var maximumStreamTimeout: Duration = .seconds(3600)
    /// A connection without calls for so long is closed.
    public var idleTimeout: Duration = .seconds(600)
    /// Silence after which the peer is asked for a sign of life, and given as long again to answer.
    public var keepaliveInterval: Duration = .seconds(60)
    /// A connection about so old is drained, so that callers spread out anew; nil: never. Each has its own share of ± 10 %, so
    /// that those which began together don't end together.
    public var maximumConnectionAge: Duration? = .seconds(600)
    /// How long calls on a connection may take that is drained for its age.
    public var ageGrace: Duration = .seconds(30)
    /// Hash of the contract, told to clients.
    public var contractFingerprint: UInt64 = 0
    /// What shares the port: another protocol, which the first bytes of a connection tell from ours.
    public var portSharing: (any PortSharing)?
    /// Is told how each call ended.
    public var observer: (any CallObserver)?

    public init() {}

    /// For one connection.
    var healthRules: HealthRules {
        HealthRules(
            frameTimeout: limits.frameTimeout.timeAmount, slowReaderTimeout: limits.slowReaderTimeout.timeAmount,
            keepaliveInterval: keepaliveInterval.timeAmount, keepaliveTimeout: keepaliveInterval.timeAmount,
            idleTimeout: idleTimeout.timeAmount, maximumAge: maximumConnectionAge.map { ($0 * Double.random(in: 0.9...1.1)).timeAmount })
    }

    var callRules: ServerCallRules {
        ServerCallRules(
            overloadPushback: overloadPushback, maximumTimeout: maximumTimeout.timeAmount,
            maximumStreamTimeout: maximumStreamTimeout.timeAmount, ageGrace: ageGrace)
    }
}
