/// One stretch of work on one day of every week, half-open, on the clinic's wall clock.
public struct WorkingHours: Hashable, Sendable {
    public let weekday: Weekday
    public let start: TimeOfDay
    public let end: TimeOfDay

    public init(weekday: Weekday, start: TimeOfDay, end: TimeOfDay) {
        self.weekday = weekday
        self.start = start
        self.end = end
    }
}

/// When the clinic is open: 09:00 to 18:00, on every day.
public enum ClinicHours {
    public static let opening = TimeOfDay.hour(9)
    public static let closing = TimeOfDay.hour(18)

    /// What a doctor works whose hours nobody has set.
    public static let everyDay = Weekday.allCases.map { WorkingHours(weekday: $0, start: opening, end: closing) }
}
