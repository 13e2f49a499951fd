/// A time on a clinic's wall clock, to the minute: 00:00 to 24:00, the midnight at the end of the day.
public struct TimeOfDay: Hashable, Sendable {
    public let minutesSinceMidnight: Int

    public static let endOfDay = TimeOfDay(minutes: 1_440)

    /// Nil where a clock shows no such time.
    public init?(hour: Int, minute: Int) {
        guard (0...24).contains(hour), (0...59).contains(minute), hour < 24 || minute == 0 else { return nil }
        self.init(minutes: hour * 60 + minute)
    }

    /// Nil outside 0 to 1440.
    public init?(minutesSinceMidnight minutes: Int) {
        guard (0...1_440).contains(minutes) else { return nil }
        self.init(minutes: minutes)
    }

    private init(minutes: Int) {
        minutesSinceMidnight = minutes
    }

    /// A whole hour, 0 to 24; any other number stops at the nearer end.
    static func hour(_ hour: Int) -> TimeOfDay {
        TimeOfDay(minutes: min(max(hour, 0), 24) * 60)
    }
}

extension TimeOfDay: Comparable {
    public static func < (left: TimeOfDay, right: TimeOfDay) -> Bool {
        left.minutesSinceMidnight < right.minutesSinceMidnight
    }
}

extension TimeOfDay: LosslessStringConvertible {
    /// Reads `HH:MM`.
    public init?(_ text: String) {
        var reader = DigitReader(text)
        guard let hour = reader.number(of: 2), reader.skip(":"), let minute = reader.number(of: 2), reader.isAtEnd else { return nil }
        self.init(hour: hour, minute: minute)
    }

    public var description: String {
        (minutesSinceMidnight / 60).padded(to: 2) + ":" + (minutesSinceMidnight % 60).padded(to: 2)
    }
}
