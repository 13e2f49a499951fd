import Supervision
import Testing
import Vocabulary

/// A day of the clinic on which a story is told.
struct StoryDay: Sendable {
    let date: LocalDate

    /// When the clinic's wall clock shows this time: `11:30`.
    func at(_ time: String) throws -> Instant {
        let time = try #require(TimeOfDay(time))
        return try #require(Clinic.calendar.instants(of: date, at: time).first)
    }

    /// As requests write it.
    func text(_ time: String) throws -> String { try at(time).rfc3339 }

    func adding(days: Int) -> StoryDay { StoryDay(date: date.adding(days: days)) }
}

extension Clinic {
    static var calendar: ClinicCalendar {
        get throws { try #require(ClinicCalendar(timeZone: "Asia/Kolkata")) }
    }

    /// Moves the clock to 08:00 of the next day: a story begins.
    func nextDay() throws -> StoryDay {
        let day = StoryDay(date: try Self.calendar.day(of: try clock.now()).adding(days: 1))
        try moveClock(to: try day.at("08:00"))
        return day
    }
}
