import AppointmentRules
import Testing
import Vocabulary

/// Free slots are exactly those that a booking would accept.
struct FreeSlotTests {
    func free(
        _ clinic: Clinic, _ doctor: BookedDoctor = .cardiologist, taken: [Int] = [], count: Int? = nil, at now: Instant? = nil
    ) throws -> [Slot] {
        let calendar = try clinic.calendar()
        let day = try #require(LocalDate(clinic.day))
        let places = TakenSlots(starts: Set(try taken.map { try clinic.slot($0).start }), appointments: [day: count ?? taken.count])
        return freeSlots(
            of: doctor, among: calendar.slots(of: day), taken: places, calendar, at: try now ?? clinic.slot().start - .days(1))
    }

    @Test(arguments: Clinic.all)
    func `a free day has every slot of the grid`(clinic: Clinic) throws {
        #expect(try free(clinic) == (0..<18).map { try clinic.slot($0) })
    }

    @Test(arguments: Clinic.all)
    func `other bookings, leave and working hours take slots away`(clinic: Clinic) throws {
        #expect(try free(clinic, taken: [0, 17]) == (1..<17).map { try clinic.slot($0) })
        #expect(try free(clinic, .working("09:15", "10:30")) == [clinic.slot(1), clinic.slot(2)])
        let away = try BookedDoctor.away(from: clinic.slot(2).start, to: clinic.slot(16).end)
        #expect(try free(clinic, away) == [clinic.slot(0), clinic.slot(1), clinic.slot(17)])
        #expect(try free(clinic, .inactive).isEmpty)
    }

    @Test(arguments: Clinic.all, [(-1, 14), (0, 14), (1, 13)])
    func `slots with less than two hours of lead time are gone`(clinic: Clinic, boundary: (milliseconds: Int, count: Int)) throws {
        let now = try clinic.slot(4).start - .seconds(7_200) + .milliseconds(boundary.milliseconds)
        #expect(try free(clinic, at: now).count == boundary.count)
    }

    @Test(arguments: [(7, 18), (8, 0)])
    func `a full day has none`(count: Int, free expected: Int) throws {
        #expect(try free(.kolkata, count: count).count == expected)
    }

    /// Every slot and near-slot of a day, judged by both.
    @Test(arguments: Clinic.all)
    func `what is free is what a booking accepts`(clinic: Clinic) throws {
        let doctor = try BookedDoctor.working("10:15", "16:45")
        let now = try clinic.slot(2).start
        let listed = Set(try free(clinic, doctor, taken: [5, 9], at: now))
        for index in -2..<22 {
            let slot = try clinic.slot(index)
            let places = TakenPlaces(patientHasSlot: false, doctorHasSlot: [5, 9].contains(index), doctorHasThatDay: 2)
            let request = BookingRequest(slot: slot, department: "Cardiology")
            let refusal = rejection(of: request, given: try clinic.facts(doctor: doctor, places: places), at: now)
            #expect(listed.contains(slot) == (refusal == nil), "slot \(index)")
        }
    }
}
