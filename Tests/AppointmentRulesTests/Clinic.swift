import AppointmentRules
import Testing
import Vocabulary

/// A clinic in one time zone, with one day and its first slot.
struct Clinic: Sendable, CustomTestStringConvertible {
    let zone: String
    let day: String
    /// When the wall clock shows 09:00.
    let opening: String

    var testDescription: String { "\(zone) \(day)" }

    /// Five zones, on ordinary days and on those on which the clock is changed.
    static let all = [
        Clinic(zone: "Asia/Kolkata", day: "2026-03-02", opening: "2026-03-02T03:30:00Z"),
        Clinic(zone: "Asia/Kathmandu", day: "2026-03-02", opening: "2026-03-02T03:15:00Z"),
        Clinic(zone: "America/New_York", day: "2026-03-08", opening: "2026-03-08T13:00:00Z"),
        Clinic(zone: "America/New_York", day: "2026-11-01", opening: "2026-11-01T14:00:00Z"),
        Clinic(zone: "Australia/Lord_Howe", day: "2026-04-05", opening: "2026-04-04T22:30:00Z"),
        Clinic(zone: "Australia/Lord_Howe", day: "2026-10-04", opening: "2026-10-03T22:00:00Z"),
        Clinic(zone: "Europe/London", day: "2026-03-29", opening: "2026-03-29T08:00:00Z"),
        Clinic(zone: "Europe/London", day: "2026-10-25", opening: "2026-10-25T09:00:00Z"),
    ]

    static let kolkata = all[0]

    func calendar() throws -> ClinicCalendar {
        try #require(ClinicCalendar(timeZone: zone))
    }

    /// The first slot of the day; others some half hours later.
    func slot(_ index: Int = 0) throws -> Slot {
        Slot(start: try #require(Instant(rfc3339: opening)) + .seconds(index * 1_800))
    }

    /// Facts against which nothing stands.
    func facts(
        patient: BookedPatient? = BookedPatient(isActive: true), doctor: BookedDoctor? = .cardiologist, places: TakenPlaces = .none
    ) throws -> BookingFacts {
        BookingFacts(patient: patient, doctor: doctor, places: places, calendar: try calendar())
    }

    /// What a booking of the slot, a day before it, is answered with; nil where it is accepted.
    func answer(to slot: Slot, _ facts: BookingFacts, lead: Duration = .days(1), department: String = "Cardiology") -> RejectionCode? {
        rejection(of: BookingRequest(slot: slot, department: department), given: facts, at: slot.start - lead)?.code
    }
}

extension BookedDoctor {
    static let cardiologist = BookedDoctor(isActive: true, department: "Cardiology", workingHours: ClinicHours.everyDay, leaves: [])

    static func working(_ start: String, _ end: String) throws -> BookedDoctor {
        let start = try #require(TimeOfDay(start))
        let end = try #require(TimeOfDay(end))
        return BookedDoctor(
            isActive: true, department: "Cardiology",
            workingHours: Weekday.allCases.map { WorkingHours(weekday: $0, start: start, end: end) }, leaves: [])
    }

    static func away(from start: Instant, to end: Instant) -> BookedDoctor {
        BookedDoctor(
            isActive: true, department: "Cardiology", workingHours: ClinicHours.everyDay, leaves: [Leave(start: start, end: end)])
    }

    static let inactive = BookedDoctor(isActive: false, department: "Cardiology", workingHours: ClinicHours.everyDay, leaves: [])
}

/// The two milliseconds beside a boundary, and the boundary.
let aroundBoundary = [-1, 0, 1]
