import Foundation

/// The calendar and the wall clock of a clinic, across every change of its offset from UTC.
public struct ClinicCalendar: Hashable, Sendable {
    private let zone: TimeZone

    /// Nil where there is no time zone of this IANA name.
    public init?(timeZone name: String) {
        guard let zone = TimeZone(identifier: name) else { return nil }
        self.zone = zone
    }

    /// The day that the clinic's calendar shows at an instant.
    public func day(of instant: Instant) -> LocalDate {
        LocalDate(of: instant, secondsFromUTC: secondsFromUTC(at: instant))
    }

    /// What the clinic's calendar and wall clock show at an instant.
    public func localTime(of instant: Instant) -> LocalTime {
        LocalTime(of: instant, secondsFromUTC: secondsFromUTC(at: instant))
    }

    /// The instants at which the wall clock shows `time` on `day`, in order: one, two where the clock is set back over
    /// it, none where it is set forward over it. 24:00 is the midnight that ends the day.
    public func instants(of day: LocalDate, at time: TimeOfDay) -> [Instant] {
        let shown = Instant(millisecondsSinceEpoch: (day.daysSinceEpoch * 1_440 + Int64(time.minutesSinceMidnight)) * 60_000)
        let offsets = Set([shown - .days(1), shown, shown + .days(1)].map(secondsFromUTC))
        return
            offsets
            .map { (instant: shown - .seconds($0), offset: $0) }
            .filter { secondsFromUTC(at: $0.instant) == $0.offset }
            .map(\.instant).sorted()
    }

    /// The first instant of a day: midnight, or where the clock is set forward over it, when that is done.
    public func start(of day: LocalDate) -> Instant {
        let shown = (0..<TimeOfDay.endOfDay.minutesSinceMidnight).lazy.compactMap(TimeOfDay.init(minutesSinceMidnight:))
        for time in shown {
            if let instant = instants(of: day, at: time).first { return instant }
        }
        return start(of: day.adding(days: 1))
    }

    private func secondsFromUTC(at instant: Instant) -> Int {
        zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(instant.millisecondsSinceEpoch) / 1_000))
    }
}
