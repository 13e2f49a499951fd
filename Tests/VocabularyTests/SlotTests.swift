import Testing
import Vocabulary

/// Time 3: clinic hours, days and the grid are what the clinic's wall clock shows, across every change of its offset.
struct SlotTests {
    /// A zone, a day, and when its wall clock shows 09:00: ordinary days, and the days on which the clock is changed.
    static let mornings = [
        ("Asia/Kolkata", "2026-03-02", "2026-03-02T03:30:00Z"),
        ("Asia/Kathmandu", "2026-03-02", "2026-03-02T03:15:00Z"),
        ("America/New_York", "2026-03-07", "2026-03-07T14:00:00Z"),
        ("America/New_York", "2026-03-08", "2026-03-08T13:00:00Z"),
        ("America/New_York", "2026-10-31", "2026-10-31T13:00:00Z"),
        ("America/New_York", "2026-11-01", "2026-11-01T14:00:00Z"),
        ("Australia/Lord_Howe", "2026-04-04", "2026-04-03T22:00:00Z"),
        ("Australia/Lord_Howe", "2026-04-05", "2026-04-04T22:30:00Z"),
        ("Australia/Lord_Howe", "2026-10-03", "2026-10-02T22:30:00Z"),
        ("Australia/Lord_Howe", "2026-10-04", "2026-10-03T22:00:00Z"),
        ("Europe/London", "2026-03-28", "2026-03-28T09:00:00Z"),
        ("Europe/London", "2026-03-29", "2026-03-29T08:00:00Z"),
        ("Europe/London", "2026-10-25", "2026-10-25T09:00:00Z"),
        ("UTC", "2026-03-02", "2026-03-02T09:00:00Z"),
    ]

    @Test(arguments: mornings)
    func `every day has eighteen slots from 09 to 18 o'clock`(zone: String, day: String, morning: String) throws {
        let slots = try calendar(zone).slots(of: try #require(LocalDate(day)))
        let first = try instant(morning)
        #expect(slots.map(\.start) == (0..<18).map { first + .seconds(1_800 * $0) })
        #expect(slots.map(\.end) == (1...18).map { first + .seconds(1_800 * $0) })
    }

    @Test(arguments: mornings)
    func `a slot starts on the grid, to the millisecond, and lasts 30 minutes`(zone: String, day: String, morning: String) throws {
        let calendar = try calendar(zone)
        let start = try instant(morning)
        for (offset, isOnGrid) in [
            (-1, false), (0, true), (1, false), (1_000, false), (60_000, false), (900_000, false), (1_800_000, true),
        ] {
            #expect(calendar.isOnGrid(Slot(start: start + .milliseconds(offset))) == isOnGrid, "\(offset) ms")
        }
        for (length, isOnGrid) in [(-1, false), (0, true), (1, false)] {
            #expect(calendar.isOnGrid(Slot(start: start, end: start + Slot.length + .milliseconds(length))) == isOnGrid, "\(length) ms")
        }
    }

    @Test(arguments: mornings)
    func `the first slot starts at 09 and the last at 17 30`(zone: String, day: String, morning: String) throws {
        let calendar = try calendar(zone)
        let opening = try instant(morning)
        for (offset, isInHours) in [(-1, false), (0, true), (1, true)] {
            #expect(calendar.isInClinicHours(Slot(start: opening + .milliseconds(offset))) == isInHours, "\(offset) ms")
        }
        let last = opening + .seconds(17 * 1_800)
        for (offset, isInHours) in [(-1, true), (0, true), (1, false)] {
            #expect(calendar.isInClinicHours(Slot(start: last + .milliseconds(offset))) == isInHours, "\(offset) ms")
        }
        #expect(!calendar.isInClinicHours(Slot(start: opening + .seconds(12 * 3_600))))
    }

    @Test func `the grid of Kathmandu lies at quarters of UTC`() throws {
        let kathmandu = try calendar("Asia/Kathmandu")
        #expect(try kathmandu.isOnGrid(Slot(start: instant("2026-03-02T04:15:00Z"))))
        #expect(try !kathmandu.isOnGrid(Slot(start: instant("2026-03-02T04:00:00Z"))))
    }

    @Test(
        arguments: [
            ("America/New_York", "2026-03-08", "02:30", []),
            ("America/New_York", "2026-11-01", "01:30", ["2026-11-01T05:30:00Z", "2026-11-01T06:30:00Z"]),
            ("Australia/Lord_Howe", "2026-10-04", "02:15", []),
            ("Australia/Lord_Howe", "2026-04-05", "01:45", ["2026-04-04T14:45:00Z", "2026-04-04T15:15:00Z"]),
            ("Australia/Lord_Howe", "2026-04-05", "02:00", ["2026-04-04T15:30:00Z"]),
            ("Asia/Kolkata", "2026-03-02", "00:00", ["2026-03-01T18:30:00Z"]),
            ("Asia/Kolkata", "2026-03-02", "24:00", ["2026-03-02T18:30:00Z"]),
        ])
    func `the wall clock shows a time once, twice or never`(zone: String, day: String, time: String, instants: [String]) throws {
        let found = try calendar(zone).instants(of: try #require(LocalDate(day)), at: try #require(TimeOfDay(time)))
        #expect(found == (try instants.map(instant)))
    }

    @Test(
        arguments: [
            ("Asia/Kolkata", "2026-03-02T04:00:00Z", "2026-03-02T09:30"),
            ("Asia/Kathmandu", "2026-03-02T04:15:00Z", "2026-03-02T10:00"),
            ("America/New_York", "2026-03-08T13:00:00Z", "2026-03-08T09:00"),
            ("America/New_York", "2026-11-01T14:00:00Z", "2026-11-01T09:00"),
            ("Australia/Lord_Howe", "2026-04-04T22:30:00Z", "2026-04-05T09:00"),
            ("UTC", "1969-12-31T23:59:59.999Z", "1969-12-31T23:59"),
        ])
    func `a clinic's clock is read to the minute`(zone: String, text: String, shown: String) throws {
        #expect(try calendar(zone).localTime(of: instant(text)).minuteText == shown)
    }

    @Test(
        arguments: [
            (["09:00-13:00"], "09:00", true), (["09:00-13:00"], "12:30", true), (["09:00-13:00"], "13:00", false),
            (["09:01-13:00"], "09:00", false), (["09:00-12:59"], "12:30", false), (["09:00-13:15", "13:15-18:00"], "13:00", true),
            (["13:15-18:00", "09:00-13:15"], "13:00", true), (["09:00-13:10", "13:15-18:00"], "13:00", false), ([], "10:00", false),
            (["00:00-24:00"], "17:30", true),
        ])
    func `a slot lies inside working hours, of one stretch or of two that touch`(hours: [String], start: String, isInside: Bool) throws {
        let monday = try #require(LocalDate("2026-03-02"))
        let kolkata = try calendar("Asia/Kolkata")
        let time = try #require(TimeOfDay(start))
        let slot = Slot(start: try #require(kolkata.instants(of: monday, at: time).first))
        #expect(kolkata.isCovered(slot, by: try hours.map { try stretch($0, .monday) }) == isInside)
        #expect(!kolkata.isCovered(slot, by: try hours.map { try stretch($0, .tuesday) }))
    }

    @Test func `slots are half-open`() throws {
        let slot = Slot(start: try instant("2026-03-02T04:00:00Z"))
        #expect(!slot.overlaps(from: slot.end, to: slot.end + .seconds(60)))
        #expect(slot.overlaps(from: slot.end - .milliseconds(1), to: slot.end))
        #expect(!slot.overlaps(from: slot.start - .seconds(60), to: slot.start))
        #expect(slot.overlaps(from: slot.start - .seconds(60), to: slot.start + .milliseconds(1)))
    }

    private func stretch(_ text: String, _ weekday: Weekday) throws -> WorkingHours {
        let times = text.split(separator: "-").compactMap { TimeOfDay(String($0)) }
        return WorkingHours(weekday: weekday, start: try #require(times.first), end: try #require(times.last))
    }
}

private func calendar(_ zone: String) throws -> ClinicCalendar {
    try #require(ClinicCalendar(timeZone: zone))
}

private func instant(_ text: String) throws -> Instant {
    try #require(Instant(rfc3339: text))
}
