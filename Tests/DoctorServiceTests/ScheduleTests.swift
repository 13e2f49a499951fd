import Contracts
import FieldChecks
import HMSTestKit
import RPC
import ServiceKit
import Testing

@Suite(.timeLimit(.minutes(10))) struct ScheduleTests {
    @Test func `until hours are set the clinic's hold on every day`() async throws {
        try await withDoctors { hospital in
            let doctor = try await hospital.register()
            let schedule = try await hospital.schedule(of: doctor)
            #expect(schedule.doctorID == doctor.doctorID && schedule.version == 0)
            let week: [Weekday] = [.monday, .tuesday, .wednesday, .thursday, .friday, .saturday, .sunday]
            #expect(schedule.workingHours == week.map { hours($0, "09:00", "18:00") })
        }
    }

    @Test func `hours are kept in order, and replaced as a whole`() async throws {
        try await withDoctors { hospital in
            let doctor = try await hospital.register()
            let mornings = [hours(.tuesday, "09:00", "13:00"), hours(.monday, "13:00", "18:00"), hours(.monday, "09:00", "13:00")]
            let first = try await hospital.setSchedule(of: doctor, mornings)
            #expect(first.workingHours == [mornings[2], mornings[1], mornings[0]])
            #expect(first.version == 1)
            #expect(try await hospital.schedule(of: doctor) == first)
            let second = try await hospital.setSchedule(of: doctor, [hours(.sunday, "00:00", "24:00")])
            #expect(second.workingHours == [hours(.sunday, "00:00", "24:00")])
            #expect(second.version == 2)
            #expect(try await hospital.schedule(of: doctor) == second)
        }
    }

    @Test func `the same hours again keep the version`() async throws {
        try await withDoctors { hospital in
            let doctor = try await hospital.register()
            let clinicHours = try await hospital.schedule(of: doctor).workingHours
            #expect(try await hospital.setSchedule(of: doctor, clinicHours).version == 1)
            #expect(try await hospital.setSchedule(of: doctor, clinicHours.reversed()).version == 1)
        }
    }

    @Test func `a doctor can work on no day`() async throws {
        try await withDoctors { hospital in
            let doctor = try await hospital.register()
            #expect(try await hospital.setSchedule(of: doctor, []).workingHours.isEmpty)
            #expect(try await hospital.schedule(of: doctor).workingHours.isEmpty)
        }
    }

    @Test func `every stretch that is wrong is named, and nothing changes`() async throws {
        try await withDoctors { hospital in
            let doctor = try await hospital.register()
            let wrong = [
                hours(.monday, "09:00", "13:00"), hours(.monday, "12:30", "14:00"), hours(.tuesday, "14:00", "14:00"),
                hours(.wednesday, "18:00", "09:00"),
            ]
            let refusal = await refusal { _ = try await hospital.setSchedule(of: doctor, wrong) }
            #expect(refusal?.reason == "INVALID_ARGUMENT")
            #expect(refusal?.violations.map(\.field) == ["working_hours[1]", "working_hours[2].end", "working_hours[3].end"])
            #expect(try await hospital.schedule(of: doctor).version == 0)
        }
    }

    @Test func `a doctor sets his own hours and nobody else's`() async throws {
        try await withDoctors { hospital in
            let doctor = try await hospital.register()
            let request = SetDoctorScheduleRequest(doctorID: doctor.doctorID, workingHours: [hours(.monday, "09:00", "13:00")])
            let himself = try await hospital.client(.doctor, subject: doctor.doctorID)
            #expect(try await himself.setDoctorSchedule(request).schedule?.version == 1)
            let colleague = try await hospital.client(.doctor, subject: try await hospital.register().doctorID)
            await expectRefusal(.permissionDenied, "PERMISSION_DENIED") { _ = try await colleague.setDoctorSchedule(request) }
            let reception = try await hospital.client(.reception)
            #expect(try await reception.setDoctorSchedule(request).schedule?.version == 1)
        }
    }
}
