import NIOCore

/// How much patience a connection has with its peer.
struct HealthRules {
    var frameTimeout: Duration
    var slowReaderTimeout: Duration
    /// Silence after which the peer is asked for a sign of life.
    var keepaliveInterval: Duration
    /// How long it may take to give one.
    var keepaliveTimeout: Duration
    var idleTimeout: Duration
    var maximumAge: Duration?

    /// How often to look.
    var interval: TimeAmount {
        let shortest = min(frameTimeout, slowReaderTimeout, keepaliveInterval, keepaliveTimeout, idleTimeout)
        return min(max(shortest / 4, .milliseconds(10)), .seconds(5)).timeAmount
    }
}

/// Whether a peer reads, writes and lives.
struct ConnectionHealth {
    enum Verdict {
        case healthy
        case askForLife
        case tooOld
        case broken(ConnectionFault)
    }

    private let openedAt: NIODeadline
    private var heardAt: NIODeadline
    private var busyAt: NIODeadline
    private var askedAt: NIODeadline?
    private var frameBegunAt: NIODeadline?
    private var blockedSince: NIODeadline?

    init(openedAt: NIODeadline) {
        self.openedAt = openedAt
        heardAt = openedAt
        busyAt = openedAt
    }

    mutating func bytesArrived(at now: NIODeadline) {
        heardAt = now
        askedAt = nil
    }

    /// A frame's clock starts when it is seen incomplete, and stops when none is pending.
    mutating func frameState(isInsideFrame: Bool, at now: NIODeadline) {
        frameBegunAt = isInsideFrame ? frameBegunAt ?? now : nil
    }

    mutating func writability(_ isWritable: Bool, at now: NIODeadline) {
        blockedSince = isWritable ? nil : blockedSince ?? now
    }

    mutating func verdict(at now: NIODeadline, callsInFlight: Int, rules: HealthRules) -> Verdict {
        if callsInFlight > 0 { busyAt = now }
        if let frameBegunAt, now - frameBegunAt > rules.frameTimeout.timeAmount {
            return .broken(ConnectionFault(.tooSlow, "a frame took too long to arrive"))
        }
        if let blockedSince, now - blockedSince > rules.slowReaderTimeout.timeAmount {
            return .broken(ConnectionFault(.tooSlow, "answers are not read"))
        }
        if let askedAt, now - askedAt > rules.keepaliveTimeout.timeAmount {
            return .broken(ConnectionFault(.tooSlow, "no sign of life"))
        }
        if now - busyAt > rules.idleTimeout.timeAmount { return .broken(ConnectionFault(.idle, "no calls for a while")) }
        if let age = rules.maximumAge, now - openedAt > age.timeAmount { return .tooOld }
        guard askedAt == nil, now - heardAt > rules.keepaliveInterval.timeAmount else { return .healthy }
        askedAt = now
        return .askForLife
    }
}
