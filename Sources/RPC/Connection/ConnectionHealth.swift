import NIOCore

/// How much patience a connection has with its peer.
struct HealthRules {
    var frameTimeout: TimeAmount
    var slowReaderTimeout: TimeAmount
    /// Silence after which the peer is asked for a sign of life.
    var keepaliveInterval: TimeAmount
    /// How long it may take to give one.
    var keepaliveTimeout: TimeAmount
    var idleTimeout: TimeAmount
    var maximumAge: TimeAmount?
    /// What holds for signs of life while calls are in flight; nil: nothing else.
    var busy: Busy?

    struct Busy {
        var keepaliveInterval: TimeAmount
        var keepaliveTimeout: TimeAmount
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

    private let rules: HealthRules
    private var openedAt = NIODeadline.distantFuture
    private var heardAt = NIODeadline.distantFuture
    /// When a call has last begun or ended.
    private var busyAt = NIODeadline.distantFuture
    /// When the first of the calls in flight has begun.
    private var busySince = NIODeadline.distantPast
    private var askedAt: NIODeadline?
    private var frameBegunAt: NIODeadline?
    private var blockedAt: NIODeadline?
    private var isMemoryShort = false
    private var isDrained = false

    init(rules: HealthRules) {
        self.rules = rules
    }

    mutating func opened(at now: NIODeadline) {
        openedAt = now
        heardAt = now
        busyAt = now
    }

    mutating func bytesArrived(at now: NIODeadline) {
        heardAt = now
        askedAt = nil
    }

    /// The clock of a frame starts when it is seen incomplete, and anew with each frame.
    mutating func frameIncomplete(isAnother: Bool, at now: NIODeadline) {
        if isAnother || frameBegunAt == nil { frameBegunAt = now }
    }

    mutating func noFrameIncomplete() {
        frameBegunAt = nil
    }

    /// The peer takes less than it is given. Saying so again starts the clock again: it has taken something.
    mutating func blocked(at now: NIODeadline) {
        blockedAt = now
    }

    /// A server that sends answers is not dead, though it reads nothing before they have gone.
    mutating func answersArrived(at now: NIODeadline) {
        if blockedAt != nil { blockedAt = now }
    }

    /// Where memory is short, patience with who doesn't read is too: a quarter of it.
    mutating func memoryIsShort(_ isShort: Bool) {
        isMemoryShort = isShort
    }

    /// The peer has caught up. It may have had no way to show life before.
    mutating func unblocked(at now: NIODeadline) {
        blockedAt = nil
        heardAt = max(heardAt, now)
    }

    mutating func callBegunOrEnded(at now: NIODeadline) {
        busyAt = now
    }

    mutating func firstCallBegun(at now: NIODeadline) {
        busySince = now
    }

    mutating func drained() {
        isDrained = true
    }

    mutating func verdict(at now: NIODeadline, isBusy: Bool) -> Verdict {
        if frameEnd <= now { return .broken(ConnectionFault(.tooSlow, "a frame took too long to arrive")) }
        if blockedEnd <= now { return .broken(ConnectionFault(.tooSlow, "nothing is read")) }
        if lifeEnd(isBusy) <= now { return .broken(ConnectionFault(.tooSlow, "no sign of life")) }
        if idleEnd(isBusy) <= now { return .broken(ConnectionFault(.idle, "no calls for a while")) }
        if ageEnd <= now { return .tooOld }
        guard silenceEnd(isBusy) <= now else { return .healthy }
        askedAt = now
        return .askForLife
    }

    /// The earliest instant at which another verdict may be due.
    func wakeUp(isBusy: Bool) -> NIODeadline {
        min(frameEnd, blockedEnd, lifeEnd(isBusy), idleEnd(isBusy), ageEnd, silenceEnd(isBusy))
    }

    // MARK: When patience ends

    private var frameEnd: NIODeadline { end(of: rules.frameTimeout, from: frameBegunAt) }
    private var blockedEnd: NIODeadline {
        end(of: isMemoryShort ? .nanoseconds(rules.slowReaderTimeout.nanoseconds / 4) : rules.slowReaderTimeout, from: blockedAt)
    }
    private var ageEnd: NIODeadline { end(of: rules.maximumAge, from: isDrained ? nil : openedAt) }

    /// When the peer was asked for a sign of life, if it has given none yet.
    var silentSince: NIODeadline? { askedAt }

    /// A peer that is not read from can't show life.
    private func lifeEnd(_ isBusy: Bool) -> NIODeadline {
        let patience = isBusy ? rules.busy?.keepaliveTimeout ?? rules.keepaliveTimeout : rules.keepaliveTimeout
        return end(of: patience, from: blockedAt == nil ? askedAt : nil)
    }

    private func silenceEnd(_ isBusy: Bool) -> NIODeadline {
        guard blockedAt == nil, askedAt == nil else { return .distantFuture }
        let end = end(of: rules.keepaliveInterval, from: heardAt)
        guard isBusy, let busy = rules.busy else { return end }
        return min(end, max(heardAt, busySince) + busy.keepaliveInterval)
    }

    private func idleEnd(_ isBusy: Bool) -> NIODeadline {
        end(of: rules.idleTimeout, from: isBusy ? nil : busyAt)
    }

    private func end(of patience: TimeAmount?, from start: NIODeadline?) -> NIODeadline {
        guard let patience, let start else { return .distantFuture }
        return start + patience
    }
}
