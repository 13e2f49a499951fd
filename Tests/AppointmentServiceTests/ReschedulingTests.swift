import Contracts
import FieldChecks
import HMSTestKit
import RPC
import ServiceKit
import Testing

/// `POST /v1/appointments/{appointment_id}/reschedule`: rules 1–5 as the service answers them.
@Suite(.timeLimit(.minutes(10))) struct ReschedulingTests {
    @Test func `a moved appointment keeps its id and its doctor, and frees its slot and its place`() async throws {
        try await withAppointments { hospital in
            let doctor = hospital.doctors.keep()
            let appointment = try await hospital.book(with: doctor)
            let moved = try await hospital.move(appointment, to: "2026-03-04T09:00:00+05:30")
            #expect(moved.appointmentID == appointment.appointmentID && moved.doctorID == appointment.doctorID)
            #expect(try moved.slotStart == timestamp("2026-03-04T09:00:00+05:30"))
            #expect(try moved.slotEnd == timestamp("2026-03-04T09:30:00+05:30"))
            #expect(moved.rescheduleCount == 1 && moved.version == 2 && moved.status == .scheduled)
            _ = try await hospital.book(with: doctor)
            try await hospital.expectInvariants()
        }
    }

    @Test func `the event tells the old slot, and the history both`() async throws {
        try await withAppointments { hospital in
            let appointment = try await hospital.book()
            let moved = try await hospital.move(appointment, to: "2026-03-04T09:00:00+05:30")
            let event = try #require(try await hospital.events().last)
            #expect(event.type == "appointment.rescheduled")
            #expect(event.message.previousSlotStart == appointment.slotStart && event.message.slotStart == moved.slotStart)
            #expect(try await hospital.history(of: appointment).map(\.slotStart) == [appointment.slotStart, moved.slotStart])
        }
    }

    @Test func `why it was moved stays in the history`() async throws {
        try await withAppointments { hospital in
            let appointment = try await hospital.book()
            _ = try await hospital.move(appointment, to: "2026-03-04T09:00:00+05:30", because: "She works in the mornings")
            _ = try await hospital.move(appointment, to: "2026-03-04T09:30:00+05:30")
            let desk = try await hospital.client(.reception)
            let request = GetAppointmentHistoryRequest(appointmentID: appointment.appointmentID)
            let steps = try await desk.getAppointmentHistory(request).steps
            #expect(steps.map(\.reason) == [nil, "She works in the mornings", nil])
            let long = await refusal {
                _ = try await hospital.move(appointment, to: "2026-03-04T10:00:00+05:30", because: String(repeating: "x", count: 501))
            }
            #expect(long?.code == .invalidArgument && long?.violations.map(\.field) == ["reason"])
        }
    }

    @Test func `2 - RESCHEDULE_LIMIT at the third move, and only committed moves count`() async throws {
        try await withAppointments { hospital in
            let appointment = try await hospital.book()
            _ = try await hospital.move(appointment, to: "2026-03-04T09:00:00+05:30")
            await expectRefusal(.outOfRange, "OUTSIDE_CLINIC_HOURS") {
                _ = try await hospital.move(appointment, to: "2026-03-04T18:00:00+05:30")
            }
            _ = try await hospital.move(appointment, to: "2026-03-04T09:30:00+05:30")
            await expectRefusal(.outOfRange, "RESCHEDULE_LIMIT") {
                _ = try await hospital.move(appointment, to: "2026-03-04T10:00:00+05:30")
            }
            #expect(try await hospital.read(appointment).rescheduleCount == 2)
            try await hospital.expectInvariants()
        }
    }

    @Test(arguments: [(-1, true), (0, false), (1, false)])
    func `3 - RESCHEDULE_TOO_LATE, exactly one hour before too`(milliseconds: Int, isAccepted: Bool) async throws {
        try await withAppointments { hospital in
            let appointment = try await hospital.book()
            try hospital.setClock("2026-03-03T09:00:00+05:30", plus: milliseconds)
            let refusal = await refusal { _ = try await hospital.move(appointment, to: "2026-03-04T09:00:00+05:30") }
            #expect(refusal?.reason == (isAccepted ? nil : "RESCHEDULE_TOO_LATE"))
            #expect(refusal?.code == (isAccepted ? nil : .outOfRange))
        }
    }

    @Test func `4 - SAME_SLOT, also while the doctor service does not answer`() async throws {
        try await withAppointments { hospital in
            let appointment = try await hospital.book()
            hospital.doctors.failure = .unavailable("down")
            await expectRefusal(.failedPrecondition, "SAME_SLOT") {
                _ = try await hospital.move(appointment, to: "2026-03-03T10:00:00+05:30")
            }
            await expectRefusal(.unavailable, "UNAVAILABLE") { _ = try await hospital.move(appointment, to: "2026-03-03T10:30:00+05:30") }
            #expect(try await hospital.read(appointment) == appointment)
        }
    }

    @Test func `5 - the booking rules hold for the new slot`() async throws {
        try await withAppointments { hospital in
            let patient = hospital.patients.keep()
            let doctor = hospital.doctors.keep()
            let appointment = try await hospital.book(patient, with: doctor)
            _ = try await hospital.book(with: doctor, at: "2026-03-03T11:00:00+05:30")
            _ = try await hospital.book(patient, at: "2026-03-03T12:00:00+05:30")
            let refusals = [
                ("2026-03-03T10:45:00+05:30", StatusCode.outOfRange, "INVALID_SLOT"),
                ("2026-03-03T18:00:00+05:30", .outOfRange, "OUTSIDE_CLINIC_HOURS"),
                ("2026-03-02T10:30:00+05:30", .outOfRange, "LEAD_TIME_TOO_SHORT"),
                ("2026-03-03T11:00:00+05:30", .failedPrecondition, "DOCTOR_SLOT_TAKEN"),
                ("2026-03-03T12:00:00+05:30", .failedPrecondition, "PATIENT_SLOT_TAKEN"),
            ]
            for (start, code, reason) in refusals {
                await expectRefusal(code, reason) { _ = try await hospital.move(appointment, to: start) }
            }
            hospital.doctors.setLeaves(
                of: doctor.doctorID,
                [Leave(start: try timestamp("2026-03-04T00:00:00+05:30"), end: try timestamp("2026-03-05T00:00:00+05:30"))])
            await expectRefusal(.failedPrecondition, "DOCTOR_UNAVAILABLE") {
                _ = try await hospital.move(appointment, to: "2026-03-04T10:00:00+05:30")
            }
            hospital.doctors.keep(Doctor(doctorID: doctor.doctorID, department: "Neurology", status: .active))
            await expectRefusal(.outOfRange, "DEPARTMENT_MISMATCH") {
                _ = try await hospital.move(appointment, to: "2026-03-05T10:00:00+05:30")
            }
            hospital.doctors.keep(Doctor(doctorID: doctor.doctorID, department: "Cardiology", status: .inactive))
            await expectRefusal(.failedPrecondition, "DOCTOR_INACTIVE") {
                _ = try await hospital.move(appointment, to: "2026-03-05T10:00:00+05:30")
            }
            #expect(try await hospital.read(appointment) == appointment)
            try await hospital.expectInvariants()
        }
    }

    @Test func `5 - of a full day it can be moved within the day, but not to another full day`() async throws {
        try await withAppointments { hospital in
            let doctor = hospital.doctors.keep()
            var appointments: [Appointment] = []
            for day in ["03", "04"] {
                for hour in 10...17 {
                    appointments.append(try await hospital.book(with: doctor, at: "2026-03-\(day)T\(hour):00:00+05:30"))
                }
            }
            _ = try await hospital.move(appointments[0], to: "2026-03-03T09:00:00+05:30")
            await expectRefusal(.failedPrecondition, "DOCTOR_DAILY_CAP") {
                _ = try await hospital.move(appointments[0], to: "2026-03-04T09:00:00+05:30")
            }
            _ = try await hospital.move(appointments[0], to: "2026-03-05T09:00:00+05:30")
            _ = try await hospital.move(appointments[8], to: "2026-03-03T09:30:00+05:30")
            try await hospital.expectInvariants()
        }
    }
}
