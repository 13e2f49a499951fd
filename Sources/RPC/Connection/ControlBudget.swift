import NIOCore

/// How many control frames a peer may still send: a bucket that fills with time and with every call.
struct ControlBudget {
    private let burst: Double
    private let perNanosecond: Double
    private var tokens: Double
    private var filledAt: NIODeadline

    init(limits: ConnectionLimits, now: NIODeadline) {
        burst = Double(limits.controlFrameBurst)
        perNanosecond = Double(limits.controlFramesPerSecond) / 1e9
        tokens = burst
        filledAt = now
    }

    /// A call earns the right to cancel it.
    mutating func earn() {
        tokens = min(burst, tokens + 1)
    }

    /// False when the peer has used its budget up.
    mutating func spend(now: NIODeadline) -> Bool {
        tokens = min(burst, tokens + Double((now - filledAt).nanoseconds) * perNanosecond)
        filledAt = now
        tokens -= 1
        return tokens >= 0
    }
}
