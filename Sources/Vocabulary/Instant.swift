/// A point in time: UTC, to the millisecond.
public struct Instant: Hashable, Sendable {
    public let millisecondsSinceEpoch: Int64

    public init(millisecondsSinceEpoch: Int64) {
        self.millisecondsSinceEpoch = millisecondsSinceEpoch
    }

    /// The instant of a Unix time with a fraction. What is finer than a millisecond is cut off, towards the past.
    ///
    /// Nil outside the years 1 to 9999, or where the fraction is not within one second.
    public init?(secondsSinceEpoch seconds: Int64, nanoseconds: Int32 = 0) {
        guard (-62_135_596_800...253_402_300_799).contains(seconds), (0...999_999_999).contains(nanoseconds) else { return nil }
        self.init(millisecondsSinceEpoch: seconds * 1_000 + Int64(nanoseconds / 1_000_000))
    }

    /// The whole seconds since the epoch, rounded towards the past.
    public var secondsSinceEpoch: Int64 {
        millisecondsSinceEpoch.dividedTowardsPast(by: 1_000).quotient
    }

    /// What the whole seconds leave, 0 to 999,000,000.
    public var nanosecondsOfSecond: Int32 {
        Int32(millisecondsSinceEpoch.dividedTowardsPast(by: 1_000).remainder * 1_000_000)
    }
}

extension Instant: Comparable {
    public static func < (left: Instant, right: Instant) -> Bool {
        left.millisecondsSinceEpoch < right.millisecondsSinceEpoch
    }

    public static func + (instant: Instant, duration: Duration) -> Instant {
        Instant(millisecondsSinceEpoch: instant.millisecondsSinceEpoch + duration.wholeMilliseconds)
    }

    public static func - (instant: Instant, duration: Duration) -> Instant {
        Instant(millisecondsSinceEpoch: instant.millisecondsSinceEpoch - duration.wholeMilliseconds)
    }

    public static func - (end: Instant, start: Instant) -> Duration {
        .milliseconds(end.millisecondsSinceEpoch - start.millisecondsSinceEpoch)
    }
}

extension Duration {
    /// A day of 24 hours, whatever a clinic's clock does on it.
    public static func days(_ count: Int) -> Duration {
        .seconds(count * 86_400)
    }

    /// The duration in milliseconds, cut off towards zero.
    public var wholeMilliseconds: Int64 {
        let (seconds, attoseconds) = components
        return seconds * 1_000 + attoseconds / 1_000_000_000_000_000
    }
}

extension Int64 {
    /// Division whose remainder is never negative.
    func dividedTowardsPast(by divisor: Int64) -> (quotient: Int64, remainder: Int64) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}

extension LocalDate {
    /// The day that clocks show at an instant, this many seconds ahead of UTC.
    public init(of instant: Instant, secondsFromUTC offset: Int) {
        self.init(daysSinceEpoch: (instant.secondsSinceEpoch + Int64(offset)).dividedTowardsPast(by: 86_400).quotient)
    }
}
