/// How a client connects, waits and tries again.
public struct RPCClientOptions: Sendable {
    /// How many connections a client holds.
    public enum Connections: Sendable {
        /// One, on a loop of the group.
        case one
        /// One for each event loop, so that callers on a loop are served there.
        case onePerEventLoop
    }

    public var connections = Connections.one
    public var limits = ConnectionLimits()
    /// Nil: what is said can be read by whoever is between.
    public var tls: ClientTLS?
    /// For calls that name no timeout.
    public var defaultTimeout: Duration = .seconds(10)
    /// For calls that are answered by a stream and name no timeout: so long may reading it take.
    public var defaultStreamTimeout: Duration = .seconds(3600)
    /// How much of a stream may come before it is read, in KiB: so much is held for a reader who is slow.
    public var streamWindowKiB: UInt16 = 256
    /// Within it the system asks once: a packet that was lost is sent again by the next attempt as soon as by this one.
    public var connectTimeout: Duration = .seconds(1)
    /// How long an attempt may take before names are looked up again, while calls wait for it: perhaps it goes to where the service was.
    public var slowAttempt: Duration = .milliseconds(250)
    /// The longest that a call waits for a connection after an attempt has failed, before it fails too.
    public var patience: Duration = .milliseconds(250)
    /// Calls that may wait for a connection or for a place on it.
    public var maximumWaitingCalls = 1024
    /// What looks up names among the addresses.
    public var resolver: any AddressResolver = SystemResolver()
    /// How often names are looked up again while there are calls; sooner, when a server can't be reached or takes no more calls.
    public var lookUpPace: Duration = .seconds(10)
    public var reconnect = Backoff(initial: .milliseconds(50), maximum: .seconds(5))
    public var retry = RetryPolicy()
    /// Silence after which the server is asked for a sign of life.
    public var keepaliveInterval: Duration = .seconds(30)
    public var keepaliveTimeout: Duration = .seconds(10)
    /// The same while calls wait for their answers: how soon a server that has gone without a word is found out.
    public var busyKeepaliveInterval: Duration = .milliseconds(500)
    public var busyKeepaliveTimeout: Duration = .seconds(4)
    /// How long a server that was asked for a sign of life may be silent before calls that wait for it are made elsewhere, as far as a
    /// second run does no harm. It may be alive: the connection stays.
    public var doubtAfter: Duration = .milliseconds(500)
    /// A connection without calls for so long is closed; the next call opens another.
    public var idleTimeout: Duration = .seconds(300)
    /// Hash of the contract, told to the server.
    public var contractFingerprint: UInt64 = 0
    /// Is told how each call ended, retries included in one.
    public var observer: (any CallObserver)?

    public init() {}

    var healthRules: HealthRules {
        HealthRules(
            frameTimeout: limits.frameTimeout.timeAmount, slowReaderTimeout: limits.slowReaderTimeout.timeAmount,
            keepaliveInterval: keepaliveInterval.timeAmount, keepaliveTimeout: keepaliveTimeout.timeAmount,
            idleTimeout: idleTimeout.timeAmount, maximumAge: nil,
            busy: .init(keepaliveInterval: busyKeepaliveInterval.timeAmount, keepaliveTimeout: busyKeepaliveTimeout.timeAmount))
    }
}
