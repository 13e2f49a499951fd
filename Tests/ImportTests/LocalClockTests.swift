import Testing
import Vocabulary

@testable import Import

@Suite struct LocalClockTests {
    @Test(
        arguments: [
            ("Asia/Kolkata", "2020-02-13", 570, "2020-02-13T04:00:00Z"), ("Asia/Kathmandu", "2020-02-13", 570, "2020-02-13T03:45:00Z"),
            ("America/New_York", "2020-07-01", 570, "2020-07-01T13:30:00Z"),
            ("America/New_York", "2020-12-01", 570, "2020-12-01T14:30:00Z"),
            // Set forward on 8 March 2020 from 02:00 to 03:00.
            ("America/New_York", "2020-03-08", 119, "2020-03-08T06:59:00Z"), ("America/New_York", "2020-03-08", 120, nil),
            ("America/New_York", "2020-03-08", 179, nil), ("America/New_York", "2020-03-08", 180, "2020-03-08T07:00:00Z"),
            // Set back on 1 November 2020 from 02:00 to 01:00: the first time counts.
            ("America/New_York", "2020-11-01", 59, "2020-11-01T04:59:00Z"), ("America/New_York", "2020-11-01", 60, "2020-11-01T05:00:00Z"),
            ("America/New_York", "2020-11-01", 119, "2020-11-01T05:59:00Z"),
            ("America/New_York", "2020-11-01", 120, "2020-11-01T07:00:00Z"),
            // By half an hour, on 4 October and 5 April 2020 at 02:00.
            ("Australia/Lord_Howe", "2020-10-04", 119, "2020-10-03T15:29:00Z"), ("Australia/Lord_Howe", "2020-10-04", 120, nil),
            ("Australia/Lord_Howe", "2020-10-04", 149, nil), ("Australia/Lord_Howe", "2020-10-04", 150, "2020-10-03T15:30:00Z"),
            ("Australia/Lord_Howe", "2020-04-05", 100, "2020-04-04T14:40:00Z"),
            ("UTC", "2020-02-13", 570, "2020-02-13T09:30:00Z"),
        ] as [(String, String, Int, String?)])
    func `a time is when the clock showed it`(zone: String, day: String, minutes: Int, instant: String?) throws {
        let clock = try LocalClock(zone)
        let day = try #require(LocalDate(day))
        #expect(clock.instant(day, millisecondOfDay: minutes * 60_000)?.rfc3339 == instant)
    }

    @Test(arguments: [
        ("Asia/Kolkata", "2020-02-13", "2020-02-12T18:30:00Z"), ("America/New_York", "2020-03-08", "2020-03-08T05:00:00Z"),
        // A day that begins at 01:00, as midnight was passed over.
        ("America/Sao_Paulo", "2018-11-04", "2018-11-04T03:00:00Z"), ("Asia/Beirut", "2021-03-28", "2021-03-27T22:00:00Z"),
    ])
    func `a day begins with its first moment`(zone: String, day: String, instant: String) throws {
        #expect(try LocalClock(zone).start(of: try #require(LocalDate(day))).rfc3339 == instant)
    }

    @Test(arguments: ["", "Mars/Olympus", "Asia/Calcuta"])
    func `a zone that does not exist is refused`(name: String) {
        #expect(throws: UnknownZone(name: name)) { try LocalClock(name) }
    }
}
