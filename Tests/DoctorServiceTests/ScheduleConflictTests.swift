import Contracts
import FieldChecks
import HMSTestKit
import RPC
import ServiceKit
import Testing
import Vocabulary

/// `PUT /v1/doctors/{doctor_id}/schedule` over appointments. It is Monday, 2 March 2026, 09:00 in the clinic.
@Suite(.timeLimit(.minutes(10))) struct ScheduleConflictTests {
    private let mornings = [hours(.monday, "09:00", "13:00"), hours(.tuesday, "09:00", "13:00")]

    @Test func `it is asked for all that starts after now and lies outside the new hours`() async throws {
        try await withDoctors { hospital in
            let doctor = try await hospital.register()
            _ = try await hospital.setSchedule(of: doctor, mornings.reversed())
            let question = HoldBookingsRequest(
                of: .doctorID(doctor.doctorID), from: ProtobufTimestamp(TestHospital.morning + Slot.length),
                outsideHours: HoursOfWeek(workingHours: mornings))
            #expect(hospital.appointments.held == [question])
        }
    }

    @Test func `SCHEDULE_CONFLICT names them, and the hours stay`() async throws {
        try await withDoctors { hospital in
            let doctor = try await hospital.register()
            hospital.appointments.play(active: 23)
            let refusal = await refusal { _ = try await hospital.setSchedule(of: doctor, mornings) }
            #expect(refusal?.code == .failedPrecondition && refusal?.reason == "SCHEDULE_CONFLICT")
            let named = (0..<20).map { "apt_\($0)" }.joined(separator: ", ")
            #expect(refusal?.message == "The doctor has 23 active appointments outside these hours: \(named) and 3 more.")
            #expect(try await hospital.schedule(of: doctor).version == 0)
            #expect(hospital.appointments.cancelled.isEmpty)
        }
    }

    @Test func `kept, they stay, and no other is made outside the new hours meanwhile`() async throws {
        try await withDoctors { hospital in
            let doctor = try await hospital.register()
            hospital.appointments.play(active: 2)
            #expect(try await hospital.setSchedule(of: doctor, mornings, .keep).workingHours == mornings)
            let question = HoldBookingsRequest(
                of: .doctorID(doctor.doctorID), from: ProtobufTimestamp(TestHospital.morning + Slot.length),
                outsideHours: HoursOfWeek(workingHours: mornings), despiteActive: true)
            #expect(hospital.appointments.held == [question] && hospital.appointments.cancelled.isEmpty)
        }
    }

    @Test func `cancelled, those outside are called off as the clinic, before the hours are replaced`() async throws {
        try await withDoctors { hospital in
            let doctor = try await hospital.register()
            hospital.appointments.play(active: 2)
            #expect(try await hospital.setSchedule(of: doctor, mornings, .cancel).workingHours == mornings)
            let asked = try #require(hospital.appointments.cancelled.first)
            #expect(asked.doctorID == doctor.doctorID && asked.outsideHours == HoursOfWeek(workingHours: mornings))
            #expect(asked.from == ProtobufTimestamp(TestHospital.morning + Slot.length) && asked.to == nil)
            #expect(asked.reason == "The doctor's working hours have changed.")
        }
    }

    /// What died half-way has cancelled some; asking again finds the hours as they were.
    @Test func `a change that was cut off is finished by asking again`() async throws {
        try await withDoctors { hospital in
            let doctor = try await hospital.register()
            hospital.appointments.play(active: 2, failure: .deadlineExceeded)
            await expectRefusal(.unavailable, "UNAVAILABLE") { _ = try await hospital.setSchedule(of: doctor, mornings, .cancel) }
            #expect(try await hospital.schedule(of: doctor).version == 0)
            hospital.appointments.play(active: 1)
            for _ in 1...2 { #expect(try await hospital.setSchedule(of: doctor, mornings, .cancel).version == 1) }
            #expect(hospital.appointments.cancelled.count == 2)
        }
    }

    @Test(arguments: [OutsideAppointments.unspecified, .keep, .cancel])
    func `while the appointment service does not answer the hours stay`(appointments: OutsideAppointments) async throws {
        try await withDoctors { hospital in
            let doctor = try await hospital.register()
            hospital.appointments.play(failure: .deadlineExceeded)
            await expectRefusal(.unavailable, "UNAVAILABLE") { _ = try await hospital.setSchedule(of: doctor, mornings, appointments) }
            #expect(try await hospital.schedule(of: doctor).version == 0)
            hospital.appointments.play()
            #expect(try await hospital.setSchedule(of: doctor, mornings, appointments).version == 1)
        }
    }

    @Test func `the same hours again change nothing, whatever stands outside them`() async throws {
        try await withDoctors { hospital in
            let doctor = try await hospital.register()
            _ = try await hospital.setSchedule(of: doctor, mornings, .keep)
            let asked = hospital.appointments.held
            hospital.appointments.play(active: 1)
            #expect(try await hospital.setSchedule(of: doctor, mornings.reversed()).version == 1)
            #expect(try await hospital.setSchedule(of: doctor, mornings.reversed(), .keep).version == 1)
            #expect(hospital.appointments.held == asked)
            await expectRefusal(.failedPrecondition, "SCHEDULE_CONFLICT") { _ = try await hospital.setSchedule(of: doctor, []) }
        }
    }

    @Test func `a deleted doctor's hours do not change, and nothing of his is cancelled`() async throws {
        try await withDoctors { hospital in
            let doctor = try await hospital.register()
            try await hospital.delete(doctor)
            await expectRefusal(.failedPrecondition, "DOCTOR_INACTIVE") {
                _ = try await hospital.setSchedule(of: doctor, mornings, .cancel)
            }
            #expect(hospital.appointments.cancelled.isEmpty)
        }
    }
}
