import AppointmentRules
import Testing
import Vocabulary

/// Taking over appointments from another system.
struct HistoryTests {
    let clinic = Clinic.kolkata

    // MARK: As what

    /// What becomes of an appointment that starts so many milliseconds from now.
    static let takeOvers: [(AppointmentState, AppointmentState?, Int, TakeOver)] = [
        (.scheduled, nil, 1, .booking(.scheduled)), (.scheduled, nil, 0, .unfinished), (.scheduled, nil, -1, .unfinished),
        (.scheduled, .noShow, 1, .booking(.scheduled)), (.scheduled, .noShow, 0, .fact(.noShow)),
        (.scheduled, .noShow, -1, .fact(.noShow)), (.scheduled, .completed, -1, .fact(.completed)),
        (.checkedIn, nil, 1, .booking(.checkedIn)), (.checkedIn, nil, 0, .unfinished), (.checkedIn, .completed, 0, .fact(.completed)),
        (.completed, nil, 1, .premature(.completed)), (.completed, nil, 0, .fact(.completed)), (.completed, nil, -1, .fact(.completed)),
        (.completed, .noShow, -1, .fact(.completed)), (.noShow, nil, 1, .premature(.noShow)), (.noShow, nil, 0, .fact(.noShow)),
        (.noShow, .completed, -1, .fact(.noShow)), (.cancelled, nil, 1, .fact(.cancelled)), (.cancelled, nil, 0, .fact(.cancelled)),
        (.cancelled, .noShow, -1, .fact(.cancelled)),
    ]

    @Test(arguments: takeOvers)
    func `what has begun or was called off is a fact, and what is to come a booking`(
        state: AppointmentState, unfinished: AppointmentState?, millisecondsToStart: Int, takeOver: TakeOver
    ) throws {
        let slot = try clinic.slot()
        let now = slot.start - .milliseconds(millisecondsToStart)
        #expect(TakeOver(of: slot, in: state, orIfUnfinished: unfinished, at: now) == takeOver)
    }

    // MARK: Facts

    static let facts: [TakeOver] = [.fact(.completed), .fact(.cancelled), .fact(.noShow)]
    static let full = TakenPlaces(patientHasSlot: true, doctorHasSlot: true, doctorHasThatDay: 8)

    @Test(arguments: facts)
    func `a fact may break every rule of a booking`(takeOver: TakeOver) throws {
        let start = try clinic.slot(25).start + .milliseconds(437_123)
        let facts = try clinic.facts(patient: BookedPatient(isActive: false), doctor: .inactive, places: Self.full)
        let slot = Slot(start: start, end: start + .seconds(900))
        #expect(try codes(takeOver, slot, facts, department: "Neurology", lead: .days(-30)) == [])
    }

    @Test(arguments: facts)
    func `a fact is somebody's, with somebody`(takeOver: TakeOver) throws {
        #expect(try codes(takeOver, nil, clinic.facts(patient: nil, doctor: nil)) == [.patientNotFound, .doctorNotFound])
    }

    @Test(
        arguments: [
            (-1, false), (0, false), (1, true), (30 * 60_000, true), (366 * 86_400_000 - 1, true), (366 * 86_400_000, true),
            (366 * 86_400_000 + 1, false),
        ])
    func `a visit lasts some time, and not for ever`(milliseconds: Int, isAllowed: Bool) throws {
        let start = try clinic.slot().start
        let slot = Slot(start: start, end: start + .milliseconds(milliseconds))
        #expect(try codes(.fact(.completed), slot) == (isAllowed ? [] : [.invalidSlot]))
    }

    @Test func `what has begun and is not said to have ended is refused, with all that is wrong with it`() throws {
        let start = try clinic.slot().start
        #expect(try codes(.unfinished) == [.pastVisitNotFinal])
        #expect(
            try codes(.unfinished, Slot(start: start, end: start), clinic.facts(patient: nil)) == [
                .patientNotFound, .invalidSlot, .pastVisitNotFinal,
            ])
    }

    // MARK: What is to come

    @Test func `a booking keeps every rule, and all that are broken are told, in order`() throws {
        let facts = try clinic.facts(patient: nil, doctor: .inactive, places: Self.full)
        let slot = Slot(start: try clinic.slot(20).start + .milliseconds(1))
        #expect(
            try codes(.booking(.scheduled), slot, facts, department: "Neurology", lead: .seconds(60)) == [
                .patientNotFound, .doctorInactive, .invalidSlot, .outsideClinicHours, .leadTimeTooShort, .departmentMismatch,
                .doctorUnavailable, .patientSlotTaken, .doctorSlotTaken, .doctorDailyCap,
            ])
    }

    @Test(arguments: [(-1, false), (0, true), (1, true)])
    func `a booking has its lead time`(milliseconds: Int, isAllowed: Bool) throws {
        let lead = BookingRule.minimumLeadTime + .milliseconds(milliseconds)
        #expect(try codes(.booking(.scheduled), lead: lead) == (isAllowed ? [] : [.leadTimeTooShort]))
    }

    @Test func `of an unknown doctor nothing more is said`() throws {
        #expect(try codes(.booking(.scheduled), nil, clinic.facts(doctor: nil), department: "Neurology") == [.doctorNotFound])
    }

    @Test func `nobody is there two hours before it begins`() throws {
        #expect(try codes(.booking(.checkedIn)) == [.checkInWindow])
        #expect(try codes(.booking(.checkedIn), lead: .seconds(3_600)) == [.leadTimeTooShort])
    }

    @Test(arguments: [(TakeOver.premature(.completed), RejectionCode.appointmentNotStarted), (.premature(.noShow), .noShowTooEarly)])
    func `what is to come has not ended`(takeOver: TakeOver, code: RejectionCode) throws {
        let start = try clinic.slot().start
        #expect(try codes(takeOver, lead: .milliseconds(1)) == [code])
        #expect(try codes(takeOver, Slot(start: start, end: start), clinic.facts(doctor: nil)) == [.doctorNotFound, .invalidSlot, code])
    }

    private func codes(
        _ takeOver: TakeOver, _ slot: Slot? = nil, _ facts: BookingFacts? = nil, department: String = "Cardiology",
        lead: Duration = .days(1)
    ) throws -> [RejectionCode] {
        let slot = try slot ?? clinic.slot()
        let request = BookingRequest(slot: slot, department: department)
        return try rejectionsOfImport(of: request, as: takeOver, given: facts ?? clinic.facts(), at: slot.start - lead).map(\.code)
    }
}
