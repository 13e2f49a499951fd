import AppointmentRules
import Testing
import Vocabulary

/// The ladder of booking: every rule at its boundary, in every zone, and the order of the rules.
struct BookingTests {
    @Test(arguments: Clinic.all)
    func `a slot that keeps every rule can be booked`(clinic: Clinic) throws {
        #expect(clinic.answer(to: try clinic.slot(), try clinic.facts()) == nil)
    }

    @Test func `1 - the patient exists and is active`() throws {
        let clinic = Clinic.kolkata
        #expect(clinic.answer(to: try clinic.slot(), try clinic.facts(patient: nil)) == .patientNotFound)
        #expect(clinic.answer(to: try clinic.slot(), try clinic.facts(patient: BookedPatient(isActive: false))) == .patientInactive)
    }

    @Test func `2 - the doctor exists and is active`() throws {
        let clinic = Clinic.kolkata
        #expect(clinic.answer(to: try clinic.slot(), try clinic.facts(doctor: nil)) == .doctorNotFound)
        #expect(clinic.answer(to: try clinic.slot(), try clinic.facts(doctor: .inactive)) == .doctorInactive)
    }

    @Test(arguments: Clinic.all, [(-1, true), (0, false), (1, true), (1_000, true), (60_000, true), (900_000, true)])
    func `3 - the slot starts on the grid`(clinic: Clinic, boundary: (milliseconds: Int, isRefused: Bool)) throws {
        let slot = Slot(start: try clinic.slot(4).start + .milliseconds(boundary.milliseconds))
        #expect(clinic.answer(to: slot, try clinic.facts()) == (boundary.isRefused ? .invalidSlot : nil))
    }

    @Test(arguments: Clinic.all, aroundBoundary)
    func `3 - the slot lasts exactly 30 minutes`(clinic: Clinic, milliseconds: Int) throws {
        let start = try clinic.slot().start
        let slot = Slot(start: start, end: start + .seconds(1_800) + .milliseconds(milliseconds))
        #expect(clinic.answer(to: slot, try clinic.facts()) == (milliseconds == 0 ? nil : .invalidSlot))
    }

    @Test(arguments: Clinic.all, [(-1, true), (0, false), (17, false), (18, true), (24, true)])
    func `4 - the first slot starts at 09 and the last at 17 30`(clinic: Clinic, boundary: (halfHours: Int, isRefused: Bool)) throws {
        let slot = try clinic.slot(boundary.halfHours)
        #expect(clinic.answer(to: slot, try clinic.facts()) == (boundary.isRefused ? .outsideClinicHours : nil))
    }

    @Test(arguments: Clinic.all, [(-1, true), (0, false), (1, false)])
    func `5 - exactly two hours of lead time are enough`(clinic: Clinic, boundary: (milliseconds: Int, isRefused: Bool)) throws {
        let lead = Duration.seconds(7_200) + .milliseconds(boundary.milliseconds)
        #expect(clinic.answer(to: try clinic.slot(), try clinic.facts(), lead: lead) == (boundary.isRefused ? .leadTimeTooShort : nil))
    }

    @Test func `5 - a slot in the past has no lead time`() throws {
        let clinic = Clinic.kolkata
        #expect(clinic.answer(to: try clinic.slot(), try clinic.facts(), lead: .seconds(-60)) == .leadTimeTooShort)
    }

    @Test(arguments: [("Cardiology", true), (" cardiology ", true), ("CARDIOLOGY", true), ("Cardio", false), ("Neurology", false)])
    func `6 - the department is the doctor's, trimmed and in any case`(department: String, isHis: Bool) throws {
        let clinic = Clinic.kolkata
        let answer = clinic.answer(to: try clinic.slot(), try clinic.facts(), department: department)
        #expect(answer == (isHis ? nil : .departmentMismatch))
    }

    @Test(
        arguments: Clinic.all,
        [("09:00", "13:00", 0, true), ("09:01", "13:00", 0, false), ("09:00", "09:30", 0, true), ("09:00", "09:29", 0, false)]
            + [("09:00", "13:00", 7, true), ("09:00", "13:00", 8, false), ("00:00", "24:00", 17, true)])
    func `7 - the slot is inside the doctor's working hours`(clinic: Clinic, hours: (String, String, slot: Int, isAccepted: Bool)) throws {
        let facts = try clinic.facts(doctor: .working(hours.0, hours.1))
        #expect(clinic.answer(to: try clinic.slot(hours.slot), facts) == (hours.isAccepted ? nil : .doctorUnavailable))
    }

    @Test(arguments: Clinic.all, [(-1, false), (0, false), (1, true)])
    func `7 - a leave that ends when the slot starts is over`(clinic: Clinic, boundary: (milliseconds: Int, isRefused: Bool)) throws {
        let slot = try clinic.slot()
        let doctor = BookedDoctor.away(from: slot.start - .days(1), to: slot.start + .milliseconds(boundary.milliseconds))
        #expect(clinic.answer(to: slot, try clinic.facts(doctor: doctor)) == (boundary.isRefused ? .doctorUnavailable : nil))
    }

    @Test(arguments: Clinic.all, [(-1, true), (0, false), (1, false)])
    func `7 - a leave that starts when the slot ends is not yet`(clinic: Clinic, boundary: (milliseconds: Int, isRefused: Bool)) throws {
        let slot = try clinic.slot()
        let doctor = BookedDoctor.away(from: slot.end + .milliseconds(boundary.milliseconds), to: slot.end + .days(1))
        #expect(clinic.answer(to: slot, try clinic.facts(doctor: doctor)) == (boundary.isRefused ? .doctorUnavailable : nil))
    }

    @Test func `8 and 9 - neither the patient nor the doctor has the slot`() throws {
        let clinic = Clinic.kolkata
        let patients = TakenPlaces(patientHasSlot: true, doctorHasSlot: false, doctorHasThatDay: 0)
        let doctors = TakenPlaces(patientHasSlot: false, doctorHasSlot: true, doctorHasThatDay: 1)
        #expect(clinic.answer(to: try clinic.slot(), try clinic.facts(places: patients)) == .patientSlotTaken)
        #expect(clinic.answer(to: try clinic.slot(), try clinic.facts(places: doctors)) == .doctorSlotTaken)
    }

    @Test(arguments: [(0, false), (7, false), (8, true), (9, true)])
    func `10 - the doctor has fewer than 8 appointments that day`(count: Int, isRefused: Bool) throws {
        let clinic = Clinic.kolkata
        let places = TakenPlaces(patientHasSlot: false, doctorHasSlot: false, doctorHasThatDay: count)
        #expect(clinic.answer(to: try clinic.slot(), try clinic.facts(places: places)) == (isRefused ? .doctorDailyCap : nil))
    }

    /// Everything is wrong at first, and mended rule by rule.
    @Test func `the first rule broken is the answer`() throws {
        let clinic = Clinic.kolkata
        let offGrid = Slot(start: try clinic.slot(20).start + .milliseconds(1))
        let evening = try clinic.slot(20)
        let slot = try clinic.slot()
        let full = TakenPlaces(patientHasSlot: true, doctorHasSlot: true, doctorHasThatDay: 8)
        let doctorsOnly = TakenPlaces(patientHasSlot: false, doctorHasSlot: true, doctorHasThatDay: 8)
        let capOnly = TakenPlaces(patientHasSlot: false, doctorHasSlot: false, doctorHasThatDay: 8)
        let away = BookedDoctor.away(from: slot.start, to: slot.end)
        let steps: [(RejectionCode, Slot, BookingFacts, Duration, String)] = [
            (.patientNotFound, offGrid, try clinic.facts(patient: nil, doctor: nil, places: full), .zero, "Neurology"),
            (.doctorNotFound, offGrid, try clinic.facts(doctor: nil, places: full), .zero, "Neurology"),
            (.invalidSlot, offGrid, try clinic.facts(doctor: away, places: full), .zero, "Neurology"),
            (.outsideClinicHours, evening, try clinic.facts(doctor: away, places: full), .zero, "Neurology"),
            (.leadTimeTooShort, slot, try clinic.facts(doctor: away, places: full), .zero, "Neurology"),
            (.departmentMismatch, slot, try clinic.facts(doctor: away, places: full), .days(1), "Neurology"),
            (.doctorUnavailable, slot, try clinic.facts(doctor: away, places: full), .days(1), "Cardiology"),
            (.patientSlotTaken, slot, try clinic.facts(places: full), .days(1), "Cardiology"),
            (.doctorSlotTaken, slot, try clinic.facts(places: doctorsOnly), .days(1), "Cardiology"),
            (.doctorDailyCap, slot, try clinic.facts(places: capOnly), .days(1), "Cardiology"),
        ]
        for (code, slot, facts, lead, department) in steps {
            #expect(clinic.answer(to: slot, facts, lead: lead, department: department) == code)
        }
    }
}
