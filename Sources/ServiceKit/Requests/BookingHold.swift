public import RPC

/// The time in which nobody can be booked, asked for by a service that wants to commit what no booking may meet: that a
/// patient or a doctor is gone, or a leave.
///
/// The appointment service holds bookings for ``length`` from some moment after this was made. Whoever asked commits
/// within ``timeToCommit``; what is left is for bookings under way that have asked before that commit.
public struct BookingHold: Sendable {
    public static let length: Duration = .seconds(15)
    public static let timeToCommit: Duration = .seconds(10)

    private let asked: ContinuousClock.Instant

    /// Make it before the appointment service is asked.
    public init(asked: ContinuousClock.Instant = .now) {
        self.asked = asked
    }

    /// To be called in the transaction that must not meet a booking.
    ///
    /// - Throws: `UNAVAILABLE` where it comes too late.
    public func requireTime() throws(RPCError) {
        guard .now - asked <= Self.timeToCommit else {
            throw RPCError.unavailable("The change took too long and was not made.", retryAfter: .seconds(1))
        }
    }
}
