public import Vocabulary

extension ClinicConfiguration {
    /// The calendar of the clinic's time zone.
    public func calendar() throws(UnknownTimeZone) -> ClinicCalendar {
        guard let calendar = ClinicCalendar(timeZone: timeZone) else { throw UnknownTimeZone(name: timeZone) }
        return calendar
    }
}

/// A time zone that the IANA database does not have.
public struct UnknownTimeZone: Error, Hashable, Sendable, CustomStringConvertible {
    public let name: String

    public var description: String { "there is no time zone \(name)" }
}
