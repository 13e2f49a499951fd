import AppointmentRules
import Testing
import Vocabulary

/// The ladder of rescheduling, and that the booking rules 2–10 follow it.
struct ReschedulingTests {
    let clinic = Clinic.kolkata

    func answer(
        _ state: AppointmentState = .scheduled, count: Int = 0, to index: Int = 4, lead: Duration = .days(1),
        department: String = "Cardiology", given facts: BookingFacts? = nil
    ) throws -> RejectionCode? {
        let appointment = AppointmentFacts(state: state, slot: try clinic.slot(), rescheduleCount: count)
        let request = BookingRequest(slot: try clinic.slot(index), department: department)
        let facts = try facts ?? clinic.facts()
        return rejectionOfRescheduling(appointment, to: request, given: facts, at: appointment.slot.start - lead)?.code
    }

    @Test(arguments: AppointmentState.allCases)
    func `1 - only a scheduled appointment can be moved`(state: AppointmentState) throws {
        #expect(try answer(state) == (state == .scheduled ? nil : .invalidState))
    }

    @Test(arguments: [(0, false), (1, false), (2, true)])
    func `2 - an appointment can be moved twice`(count: Int, isRefused: Bool) throws {
        #expect(try answer(count: count) == (isRefused ? .rescheduleLimit : nil))
    }

    @Test(arguments: Clinic.all, [(-1, true), (0, true), (1, false)])
    func `3 - more than one hour before its start, exactly one is too late`(
        clinic: Clinic, boundary: (milliseconds: Int, isRefused: Bool)
    ) throws {
        let appointment = AppointmentFacts(state: .scheduled, slot: try clinic.slot(), rescheduleCount: 0)
        let request = BookingRequest(slot: try clinic.slot(10), department: "Cardiology")
        let now = appointment.slot.start - .seconds(3_600) - .milliseconds(boundary.milliseconds)
        let answer = rejectionOfRescheduling(appointment, to: request, given: try clinic.facts(), at: now)
        #expect(answer?.code == (boundary.isRefused ? .rescheduleTooLate : nil))
    }

    @Test func `4 - the new slot is another one`() throws {
        #expect(try answer(to: 0) == .sameSlot)
        #expect(try answer(to: 1) == nil)
    }

    @Test func `5 - the new slot keeps the booking rules, whatever the patient is`() throws {
        #expect(try answer(given: clinic.facts(patient: nil)) == nil)
        #expect(try answer(given: clinic.facts(patient: BookedPatient(isActive: false))) == nil)
        #expect(try answer(given: clinic.facts(doctor: nil)) == .doctorNotFound)
        #expect(try answer(given: clinic.facts(doctor: .inactive)) == .doctorInactive)
        #expect(try answer(to: 18) == .outsideClinicHours)
        #expect(try answer(department: "Neurology") == .departmentMismatch)
        #expect(try answer(given: clinic.facts(doctor: .working("09:00", "10:00"))) == .doctorUnavailable)
        let full = TakenPlaces(patientHasSlot: true, doctorHasSlot: true, doctorHasThatDay: 8)
        #expect(try answer(given: clinic.facts(places: full)) == .patientSlotTaken)
        let doctors = TakenPlaces(patientHasSlot: false, doctorHasSlot: true, doctorHasThatDay: 8)
        #expect(try answer(given: clinic.facts(places: doctors)) == .doctorSlotTaken)
        let cap = TakenPlaces(patientHasSlot: false, doctorHasSlot: false, doctorHasThatDay: 8)
        #expect(try answer(given: clinic.facts(places: cap)) == .doctorDailyCap)
    }

    @Test(arguments: [(-1, true), (0, false), (1, false)])
    func `5 - the new slot needs two hours of lead time`(milliseconds: Int, isRefused: Bool) throws {
        // The old slot is half an hour later than the new one.
        let appointment = AppointmentFacts(state: .scheduled, slot: try clinic.slot(5), rescheduleCount: 0)
        let request = BookingRequest(slot: try clinic.slot(4), department: "Cardiology")
        let now = request.slot.start - .seconds(7_200) - .milliseconds(milliseconds)
        let answer = rejectionOfRescheduling(appointment, to: request, given: try clinic.facts(), at: now)
        #expect(answer?.code == (isRefused ? .leadTimeTooShort : nil))
    }

    @Test func `the first rule broken is the answer`() throws {
        #expect(try answer(.completed, count: 2, to: 0, lead: .zero) == .invalidState)
        #expect(try answer(count: 2, to: 0, lead: .zero) == .rescheduleLimit)
        #expect(try answer(to: 0, lead: .zero) == .rescheduleTooLate)
        #expect(try answer(to: 0, given: clinic.facts(doctor: nil)) == .sameSlot)
    }
}
