/// What a clinic's calendar and wall clock show at an instant.
public struct LocalTime: Hashable, Sendable {
    public let day: LocalDate
    /// What the wall clock shows, 0 to 86,399,999: on a day with a change of offset not the time since midnight.
    public let millisecondOfDay: Int

    public init(of instant: Instant, secondsFromUTC offset: Int) {
        let shown = instant.millisecondsSinceEpoch + Int64(offset) * 1_000
        let (days, milliseconds) = shown.dividedTowardsPast(by: 86_400_000)
        day = LocalDate(daysSinceEpoch: days)
        millisecondOfDay = Int(milliseconds)
    }

    /// The whole minutes since the wall clock's midnight.
    public var minuteOfDay: Int { millisecondOfDay / 60_000 }

    /// What the calendar and the clock show, to the minute: `2026-03-02T09:30`.
    public var minuteText: String {
        "\(day)T\((minuteOfDay / 60).padded(to: 2)):\((minuteOfDay % 60).padded(to: 2))"
    }

    /// Whether the wall clock shows a full or a half hour, to the millisecond.
    public var isOnGrid: Bool { millisecondOfDay % 1_800_000 == 0 }
}

extension LocalTime: CustomStringConvertible {
    public var description: String { minuteText }
}
