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
        let date = Date(timeIntervalSince1970: Double(instant.millisecondsSinceEpoch) / 1_000)
        return LocalDate(of: instant, secondsFromUTC: zone.secondsFromGMT(for: date))
    }
}
