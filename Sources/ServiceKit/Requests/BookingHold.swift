public import RPC

/// The time in which somebody can't be booked, nor billed by hand, asked for by a service that wants to commit what no
/// booking and no bill may meet: that a patient or a doctor is gone, or a leave.
///
/// The appointment service holds bookings, and the billing service bills, for ``length`` from some moment after this was made. Whoever asked commits
/// within ``timeToCommit``, and a booking or a bill commits within ``FactsAge/bestBefore`` of asking for its facts.
/// The two together are shorter than the hold, so what was asked before such a commit is too old when the hold ends.
public struct BookingHold: Sendable {
    public static let length: Duration = .seconds(15)
    public static let timeToCommit: Duration = .seconds(10)

    private let asked: ContinuousClock.Instant

    /// Make it before the first of them is asked.
    public init(asked: ContinuousClock.Instant = .now) {
        self.asked = asked
    }

    /// To be called in the transaction that must not meet a booking or a bill.
    ///
    /// - Throws: `UNAVAILABLE` where it comes too late.
    public func requireTime(at now: ContinuousClock.Instant = .now) throws(RPCError) {
        guard now - asked <= Self.timeToCommit else {
            throw RPCError.unavailable("The change took too long and was not made.", retryAfter: .seconds(1))
        }
    }
}

/// How old the facts are on which a booking or a bill is decided. ``BookingHold`` says what for.
public struct FactsAge: Sendable {
    public static let bestBefore: Duration = .seconds(4)

    private let asked: ContinuousClock.Instant

    /// Make it before the first question is asked.
    public init(asked: ContinuousClock.Instant = .now) {
        self.asked = asked
    }

    /// To be called in the transaction of the booking or the bill.
    ///
    /// - Throws: `UNAVAILABLE` where the facts are too old.
    public func requireFresh(at now: ContinuousClock.Instant = .now) throws(RPCError) {
        guard now - asked <= Self.bestBefore else {
            throw RPCError.unavailable("The facts were too old when it was to be done, and nothing was.", retryAfter: .seconds(1))
        }
    }

    /// Of two that were asked for apart, that of the one which was asked for first.
    public static func oldest(_ one: FactsAge, _ other: FactsAge) -> FactsAge {
        one.asked < other.asked ? one : other
    }

    public func isAtMost(_ age: Duration, at now: ContinuousClock.Instant = .now) -> Bool {
        now - asked <= age
    }
}
