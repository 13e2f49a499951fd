import AppointmentRules
import Testing
import Vocabulary

/// Taking a step back: which, and until when.
struct UndoingTests {
    private static let states: [AppointmentState?] = [nil] + AppointmentState.allCases

    @Test(arguments: states, AppointmentState.allCases)
    func `a check-in and a no-show of a scheduled appointment are taken back, and nothing else`(
        before: AppointmentState?, after: AppointmentState
    ) throws {
        let noon = try instant("2026-03-02T06:30:00Z")
        let step = LastStep(from: before, to: after, at: noon)
        let isUndone = before == .scheduled && (after == .checkedIn || after == .noShow)
        let answer = rejectionOfUndo(of: step, at: noon, try Clinic.kolkata.calendar())
        #expect(answer?.code == (isUndone ? nil : .invalidState))
    }

    /// The day before a step, its day and the day after it, as the clinic's clock shows them; New York sets it forward on
    /// 8 March and back on 1 November, Lord Howe by half an hour on 5 April.
    @Test(
        arguments: [
            ("Asia/Kolkata", "2026-03-01T18:29:59.999Z", "2026-03-01T18:30:00Z", "2026-03-02T18:29:59.999Z", "2026-03-02T18:30:00Z"),
            ("Asia/Kathmandu", "2026-03-01T18:14:59.999Z", "2026-03-01T18:15:00Z", "2026-03-02T18:14:59.999Z", "2026-03-02T18:15:00Z"),
            ("America/New_York", "2026-03-08T04:59:59.999Z", "2026-03-08T05:00:00Z", "2026-03-09T03:59:59.999Z", "2026-03-09T04:00:00Z"),
            ("America/New_York", "2026-11-01T03:59:59.999Z", "2026-11-01T04:00:00Z", "2026-11-02T04:59:59.999Z", "2026-11-02T05:00:00Z"),
            ("Australia/Lord_Howe", "2026-04-04T12:59:59.999Z", "2026-04-04T13:00:00Z", "2026-04-05T13:29:59.999Z", "2026-04-05T13:30:00Z"),
        ])
    func `on the clinic day of the step, from its first to its last millisecond`(
        zone: String, before: String, first: String, last: String, after: String
    ) throws {
        let calendar = try #require(ClinicCalendar(timeZone: zone))
        for taken in [first, last] {
            let step = LastStep(from: .scheduled, to: .noShow, at: try instant(taken))
            for (now, code) in [(before, .undoTooLate), (first, nil), (last, nil), (after, .undoTooLate)] as [(String, RejectionCode?)] {
                #expect(rejectionOfUndo(of: step, at: try instant(now), calendar)?.code == code, "\(taken) at \(now)")
            }
        }
    }

    @Test(
        arguments: [
            (nil, false, false, .patientNotFound), (false, true, true, .patientInactive), (true, true, true, .patientSlotTaken),
            (true, false, true, .doctorSlotTaken), (true, false, false, nil),
        ] as [(Bool?, Bool, Bool, RejectionCode?)])
    func `a no-show returns where the patient still is one and nobody is in the slot`(
        isActive: Bool?, patientHasSlot: Bool, doctorHasSlot: Bool, code: RejectionCode?
    ) {
        // A full day is full with the appointment itself.
        let places = TakenPlaces(patientHasSlot: patientHasSlot, doctorHasSlot: doctorHasSlot, doctorHasThatDay: 8)
        #expect(rejectionOfReturning(of: isActive.map { BookedPatient(isActive: $0) }, given: places)?.code == code)
    }

    private func instant(_ text: String) throws -> Instant { try #require(Instant(rfc3339: text)) }
}
