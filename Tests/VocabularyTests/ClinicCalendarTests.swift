import Testing
import Vocabulary

struct ClinicCalendarTests {
    @Test(
        arguments: [
            ("Asia/Kolkata", "2026-03-01T18:29:59.999Z", "2026-03-01"),
            ("Asia/Kolkata", "2026-03-01T18:30:00Z", "2026-03-02"),
            ("Asia/Kathmandu", "2026-03-01T18:14:59.999Z", "2026-03-01"),
            ("Asia/Kathmandu", "2026-03-01T18:15:00Z", "2026-03-02"),
            ("America/New_York", "2026-03-08T04:59:59.999Z", "2026-03-07"),
            ("America/New_York", "2026-03-08T05:00:00Z", "2026-03-08"),
            ("America/New_York", "2026-03-09T03:59:59.999Z", "2026-03-08"),
            ("America/New_York", "2026-03-09T04:00:00Z", "2026-03-09"),
            ("Australia/Lord_Howe", "2026-04-04T12:59:59.999Z", "2026-04-04"),
            ("Australia/Lord_Howe", "2026-04-04T13:00:00Z", "2026-04-05"),
            ("Australia/Lord_Howe", "2026-04-05T13:29:59.999Z", "2026-04-05"),
            ("Australia/Lord_Howe", "2026-04-05T13:30:00Z", "2026-04-06"),
        ])
    func `a clinic's day begins at its own midnight`(zone: String, text: String, day: String) throws {
        let calendar = try #require(ClinicCalendar(timeZone: zone))
        #expect(calendar.day(of: try #require(Instant(rfc3339: text))).description == day)
    }

    @Test func `a zone that does not exist is refused`() {
        #expect(ClinicCalendar(timeZone: "Asia/Atlantis") == nil)
    }
}
