import AppointmentRules
import Testing
import Vocabulary

/// Taking over appointments from another system.
struct HistoryTests {
    let clinic = Clinic.kolkata

    func codes(
        _ state: AppointmentState = .scheduled, _ slot: Slot? = nil, _ facts: BookingFacts? = nil, department: String = "Cardiology",
        lead: Duration = .days(-30)
    ) throws -> [RejectionCode] {
        let slot = try slot ?? clinic.slot()
        let request = BookingRequest(slot: slot, department: department)
        return try rejectionsOfImport(of: request, as: state, given: facts ?? clinic.facts(), at: slot.start - lead).map(\.code)
    }

    @Test(arguments: [AppointmentState.scheduled, .completed, .cancelled, .noShow])
    func `an appointment of the past needs no lead time`(state: AppointmentState) throws {
        #expect(try codes(state).isEmpty)
    }

    @Test func `every rule that is broken is told, in order`() throws {
        let full = TakenPlaces(patientHasSlot: true, doctorHasSlot: true, doctorHasThatDay: 8)
        let facts = try clinic.facts(patient: nil, doctor: .inactive, places: full)
        let slot = Slot(start: try clinic.slot(20).start + .milliseconds(1))
        #expect(
            try codes(.scheduled, slot, facts, department: "Neurology") == [
                .patientNotFound, .doctorInactive, .invalidSlot, .outsideClinicHours, .departmentMismatch, .doctorUnavailable,
                .patientSlotTaken, .doctorSlotTaken, .doctorDailyCap,
            ])
    }

    @Test func `of an unknown doctor nothing more is said`() throws {
        #expect(try codes(.scheduled, nil, clinic.facts(doctor: nil), department: "Neurology") == [.doctorNotFound])
    }

    @Test func `a cancelled one takes no place`() throws {
        let full = TakenPlaces(patientHasSlot: true, doctorHasSlot: true, doctorHasThatDay: 8)
        #expect(try codes(.cancelled, nil, clinic.facts(places: full)).isEmpty)
        #expect(try codes(.completed, nil, clinic.facts(places: full)).count == 3)
    }

    @Test(arguments: [(-1, true), (0, false), (1, false)])
    func `what has not started can't be completed`(milliseconds: Int, isRefused: Bool) throws {
        #expect(try codes(.completed, lead: .milliseconds(-milliseconds)) == (isRefused ? [.appointmentNotStarted] : []))
    }

    @Test(arguments: [(-1, true), (0, false), (1, false)])
    func `who may still come is no no-show`(milliseconds: Int, isRefused: Bool) throws {
        let lead = Duration.seconds(-900) - .milliseconds(milliseconds)
        #expect(try codes(.noShow, lead: lead) == (isRefused ? [.noShowTooEarly] : []))
    }
}
