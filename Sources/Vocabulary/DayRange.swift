/// Days of the clinic's calendar, from the first to the last.
public struct DayRange: Hashable, Sendable {
    public let first: LocalDate
    public let last: LocalDate

    /// - Throws: `INVALID_ARGUMENT` where one of them is no day, or they are too many or none.
    public init(from: String, to: String, atMost count: Int) throws(Rejection) {
        first = try LocalDate(from, field: "from")
        last = try LocalDate(to, field: "to")
        if last < first { throw Rejection(invalid: [.init(field: "to", sentence: "must not be before from")]) }
        if days.count > count {
            throw Rejection(invalid: [.init(field: "to", sentence: "must be at most \(count - 1) days after from")])
        }
    }

    /// Those of the days that are not before one of them.
    public func from(_ day: LocalDate) -> DayRange { DayRange(first: max(first, day), last: last) }

    private init(first: LocalDate, last: LocalDate) {
        self.first = first
        self.last = last
    }

    /// A time in which all of the days lie, wherever the clinic is: no clock is a day ahead of UTC, or behind it.
    public var period: (start: Instant, end: Instant) {
        (
            Instant(millisecondsSinceEpoch: (first.daysSinceEpoch - 1) * 86_400_000),
            Instant(millisecondsSinceEpoch: (last.daysSinceEpoch + 2) * 86_400_000)
        )
    }

    /// The days, counted from 1970-01-01.
    public var days: ClosedRange<Int64> { first.daysSinceEpoch...max(first.daysSinceEpoch, last.daysSinceEpoch) }
}
