import NIOCore

/// What the calls of one replica have come to, and whether it is ejected for that: given no calls for a while.
///
/// A replica is ejected after so many calls in a row that ended in UNAVAILABLE, the longer the more often that happened. When
/// its time is over it is tried again: one more such call ejects it anew, any other ending clears it.
struct ReplicaRecord {
    private static let failuresUntilEjection = 5
    private static let shortestEjection = TimeAmount.seconds(1)
    private static let longestEjection = TimeAmount.seconds(60)

    private(set) var failuresInARow = 0
    private var ejections = 0
    private(set) var ejectedUntil: NIODeadline?

    /// Whether a call that ended well is news.
    var isBlemished: Bool { failuresInARow > 0 }

    func isEjected(at now: NIODeadline) -> Bool {
        ejectedUntil.map { now < $0 } ?? false
    }

    /// Whether calls would fare better elsewhere.
    var deservesEjection: Bool { failuresInARow >= Self.failuresUntilEjection }

    mutating func callFailed() {
        failuresInARow += 1
    }

    mutating func callSucceeded() {
        failuresInARow = 0
        ejections = max(0, ejections - 1)
    }

    mutating func eject(at now: NIODeadline) {
        let doublings = min(ejections, 10)
        let time = min(Self.shortestEjection.nanoseconds << doublings, Self.longestEjection.nanoseconds)
        ejections += 1
        ejectedUntil = now + .nanoseconds(time)
    }

    /// The time of the ejection is over.
    mutating func tryAgain() {
        ejectedUntil = nil
        failuresInARow = Self.failuresUntilEjection - 1
    }
}
