import Testing
import Vocabulary

struct CalendarTests {
    @Test(
        arguments: [("1970-01-01", 0), ("1969-12-31", -1), ("2000-02-29", 11_016), ("2000-03-01", 11_017), ("1900-03-01", -25_508)]
            as [(String, Int64)])
    func `a day counts from 1970`(text: String, days: Int64) throws {
        let date = try #require(LocalDate(text))
        #expect(date.daysSinceEpoch == days)
        #expect(date.description == text)
    }

    @Test func `every day of eight centuries follows the one before`() throws {
        let first = try #require(LocalDate(year: 1600, month: 1, day: 1))
        var expected = (year: 1600, month: 1, day: 1)
        for offset in 0..<292_194 {
            let date = first.adding(days: offset)
            #expect((date.year, date.month, date.day) == expected)
            #expect(date.daysSinceEpoch == first.daysSinceEpoch + Int64(offset))
            if LocalDate(year: expected.year, month: expected.month, day: expected.day + 1) != nil {
                expected.day += 1
            } else {
                expected = expected.month == 12 ? (expected.year + 1, 1, 1) : (expected.year, expected.month + 1, 1)
            }
        }
        #expect(expected == (2400, 1, 1))
    }

    @Test(arguments: [
        "", "2026-02-29", "1900-02-29", "2026-00-10", "2026-13-10", "2026-04-31", "2026-1-01", "26-01-01", "2026/01/01", "2026-01-01 ",
        "0000-01-01", "-001-01-01",
    ])
    func `a day that the calendar does not have is refused`(text: String) {
        #expect(LocalDate(text) == nil)
    }

    @Test func `the day of the week is known`() {
        #expect(LocalDate("1970-01-01")?.weekday == .thursday)
        #expect(LocalDate("1969-12-28")?.weekday == .sunday)
        #expect(LocalDate("2024-02-29")?.weekday == .thursday)
    }

    @Test(
        arguments: [
            ("2026-03-01T18:29:59.999Z", 19_800, "2026-03-01"), ("2026-03-01T18:30:00Z", 19_800, "2026-03-02"),
            ("2026-03-01T04:59:59.999Z", -18_000, "2026-02-28"), ("1969-12-31T23:59:59.999Z", 0, "1969-12-31"),
        ])
    func `an instant falls on the day that the clinic's clock shows`(text: String, offset: Int, day: String) throws {
        let instant = try #require(Instant(rfc3339: text))
        #expect(LocalDate(of: instant, secondsFromUTC: offset).description == day)
    }

    @Test(arguments: [("00:00", 0), ("09:30", 570), ("23:59", 1_439), ("24:00", 1_440)])
    func `a time of day is read and written`(text: String, minutes: Int) throws {
        let time = try #require(TimeOfDay(text))
        #expect(time.minutesSinceMidnight == minutes)
        #expect(time.description == text)
    }

    @Test(arguments: ["", "24:01", "25:00", "09:60", "9:30", "09:30:00", "09.30", "-1:30"])
    func `a time that no clock shows is refused`(text: String) {
        #expect(TimeOfDay(text) == nil)
    }
}
