import Contracts
import HMSTestKit
import RPC
import ServiceKit
import Testing

/// Check-in, complete and no-show: when, from which state, by whom, and what is kept of them. The slot is 10:00 to 10:30.
@Suite(.timeLimit(.minutes(10))) struct StepTests {
    @Test func `a visit is scheduled, checked in and completed`() async throws {
        try await withAppointments { hospital in
            let appointment = try await hospital.book()
            try hospital.setClock("2026-03-03T09:45:00+05:30")
            let checkedIn = try await hospital.checkIn(appointment)
            #expect(checkedIn.status == .checkedIn && checkedIn.version == 2)
            try hospital.setClock("2026-03-03T10:20:00+05:30")
            let completed = try await hospital.complete(checkedIn, notes: "All well")
            #expect(completed.status == .completed && completed.version == 3 && completed.feePercent == nil)
            #expect(try await hospital.read(appointment) == completed)
            #expect(try await hospital.eventTypes() == ["appointment.booked", "appointment.completed"])
            try await hospital.expectInvariants()
        }
    }

    @Test func `every step is kept with who, when and why`() async throws {
        try await withAppointments { hospital in
            let appointment = try await hospital.book()
            try hospital.setClock("2026-03-03T10:00:00+05:30")
            let doctor = try await hospital.client(.doctor, subject: appointment.doctorID)
            _ = try await doctor.completeAppointment(
                CompleteAppointmentRequest(appointmentID: appointment.appointmentID, notes: "All well"))
            let start = appointment.slotStart
            #expect(
                try await hospital.history(of: appointment) == [
                    AppointmentStep(
                        status: .scheduled, at: ProtobufTimestamp(TestHospital.morning), by: "admin:some-admin", slotStart: start),
                    AppointmentStep(
                        status: .completed, at: try timestamp("2026-03-03T10:00:00+05:30"), by: "doctor:\(appointment.doctorID)",
                        reason: "All well", slotStart: start),
                ])
        }
    }

    @Test func `notes with the character NUL, which not every database stores, are refused`() async throws {
        try await withAppointments { hospital in
            let visit = try await hospital.book()
            try hospital.setClock("2026-03-03T10:15:00+05:30")
            let refusal = await refusal { _ = try await hospital.complete(visit, notes: "All\u{0}well\n") }
            #expect(refusal?.reason == "INVALID_ARGUMENT" && refusal?.violations.count == 1)
            #expect(try await hospital.complete(visit, notes: "All\nwell").status == .completed)
        }
    }

    @Test func `notes of a visit are shown to its doctor and to admins, other reasons to the desk too`() async throws {
        try await withAppointments { hospital in
            let visit = try await hospital.book()
            let cancelled = try await hospital.cancel(try await hospital.book())
            try hospital.setClock("2026-03-03T10:00:00+05:30")
            _ = try await hospital.complete(visit, notes: "All well")
            let readers: [(CallerRole, String?, String?)] = [
                (.admin, nil, "All well"), (.doctor, visit.doctorID, "All well"), (.reception, nil, nil),
            ]
            for (role, subject, notes) in readers {
                let client = try await hospital.client(role, subject: subject)
                let steps = try await client.getAppointmentHistory(
                    GetAppointmentHistoryRequest(appointmentID: visit.appointmentID)
                ).steps
                #expect(steps.map(\.status) == [.scheduled, .completed])
                #expect(steps.map(\.reason) == [nil, notes], "\(role)")
            }
            let desk = try await hospital.client(.reception)
            let steps = try await desk.getAppointmentHistory(GetAppointmentHistoryRequest(appointmentID: cancelled.appointmentID)).steps
            #expect(steps.last?.reason == "Travelling")
        }
    }

    @Test(arguments: [("09:00", -1, false), ("09:00", 0, true), ("09:00", 1, true), ("10:30", -1, true), ("10:30", 0, false)])
    func `CHECK_IN_WINDOW`(time: String, milliseconds: Int, isAccepted: Bool) async throws {
        try await withAppointments { hospital in
            let appointment = try await hospital.book()
            try hospital.setClock("2026-03-03T\(time):00+05:30", plus: milliseconds)
            let refusal = await refusal { _ = try await hospital.checkIn(appointment) }
            #expect(refusal?.reason == (isAccepted ? nil : "CHECK_IN_WINDOW"))
            #expect(refusal?.code == (isAccepted ? nil : .failedPrecondition))
        }
    }

    @Test(arguments: [(-1, false), (0, true), (1, true)])
    func `APPOINTMENT_NOT_STARTED`(milliseconds: Int, isAccepted: Bool) async throws {
        try await withAppointments { hospital in
            let appointment = try await hospital.book()
            try hospital.setClock("2026-03-03T10:00:00+05:30", plus: milliseconds)
            let refusal = await refusal { _ = try await hospital.complete(appointment) }
            #expect(refusal?.reason == (isAccepted ? nil : "APPOINTMENT_NOT_STARTED"))
            #expect(refusal?.code == (isAccepted ? nil : .failedPrecondition))
        }
    }

    @Test(arguments: [(-1, false), (0, true), (1, true)])
    func `NO_SHOW_TOO_EARLY`(milliseconds: Int, isAccepted: Bool) async throws {
        try await withAppointments { hospital in
            let appointment = try await hospital.book()
            try hospital.setClock("2026-03-03T10:15:00+05:30", plus: milliseconds)
            let refusal = await refusal { _ = try await hospital.markNoShow(appointment) }
            #expect(refusal?.reason == (isAccepted ? nil : "NO_SHOW_TOO_EARLY"))
            #expect(refusal?.code == (isAccepted ? nil : .failedPrecondition))
        }
    }

    @Test func `a no-show costs the whole fee, and keeps its place under the cap`() async throws {
        try await withAppointments { hospital in
            let appointment = try await hospital.book()
            try hospital.setClock("2026-03-03T10:15:00+05:30")
            #expect(try await hospital.markNoShow(appointment).feePercent == 100)
            let event = try #require(try await hospital.events().last)
            #expect(event.type == "appointment.no_show" && event.message.feePercent == 100 && !event.message.byClinic)
            try await hospital.expectInvariants()
        }
    }

    @Test func `INVALID_STATE for every step of a final appointment`() async throws {
        try await withAppointments { hospital in
            let early = try await hospital.cancel(try await hospital.book())
            let completed = try await hospital.book()
            let missed = try await hospital.book()
            try hospital.setClock("2026-03-03T10:15:00+05:30")
            for appointment in [early, try await hospital.complete(completed), try await hospital.markNoShow(missed)] {
                await expectRefusal(.failedPrecondition, "INVALID_STATE") { _ = try await hospital.checkIn(appointment) }
                await expectRefusal(.failedPrecondition, "INVALID_STATE") { _ = try await hospital.complete(appointment) }
                await expectRefusal(.failedPrecondition, "INVALID_STATE") { _ = try await hospital.markNoShow(appointment) }
                await expectRefusal(.failedPrecondition, "INVALID_STATE") { _ = try await hospital.cancel(appointment) }
                await expectRefusal(.failedPrecondition, "INVALID_STATE") {
                    _ = try await hospital.move(appointment, to: "2026-03-05T10:00:00+05:30")
                }
                #expect(try await hospital.read(appointment) == appointment)
            }
            try await hospital.expectInvariants()
        }
    }

    @Test func `INVALID_STATE for a patient who has checked in and is missed, moved or checked in again`() async throws {
        try await withAppointments { hospital in
            let appointment = try await hospital.book()
            try hospital.setClock("2026-03-03T09:00:00+05:30")
            let present = try await hospital.checkIn(appointment)
            await expectRefusal(.failedPrecondition, "INVALID_STATE") { _ = try await hospital.checkIn(present) }
            await expectRefusal(.failedPrecondition, "INVALID_STATE") {
                _ = try await hospital.move(present, to: "2026-03-05T10:00:00+05:30")
            }
            try hospital.setClock("2026-03-03T10:15:00+05:30")
            await expectRefusal(.failedPrecondition, "INVALID_STATE") { _ = try await hospital.markNoShow(present) }
        }
    }

    @Test func `a step that is sent again under its key gets the first answer`() async throws {
        try await withAppointments { hospital in
            let appointment = try await hospital.book()
            try hospital.setClock("2026-03-03T10:00:00+05:30")
            let doctor = try await hospital.client(.doctor, subject: appointment.doctorID, idempotencyKey: "k-1")
            let request = CompleteAppointmentRequest(appointmentID: appointment.appointmentID)
            let first = try await doctor.completeAppointment(request)
            #expect(try await doctor.completeAppointment(request) == first)
            #expect(try await hospital.eventTypes() == ["appointment.booked", "appointment.completed"])
        }
    }

    @Test func `an appointment that does not exist takes no step`() async throws {
        try await withAppointments { hospital in
            for id in ["apt_01jq0000000000000000000000", "bil_01jq0000000000000000000000", "apt_x"] {
                let nothing = Appointment(appointmentID: id)
                await expectRefusal(.notFound, "APPOINTMENT_NOT_FOUND") { _ = try await hospital.read(nothing) }
                await expectRefusal(.notFound, "APPOINTMENT_NOT_FOUND") { _ = try await hospital.history(of: nothing) }
                await expectRefusal(.notFound, "APPOINTMENT_NOT_FOUND") { _ = try await hospital.checkIn(nothing) }
                await expectRefusal(.notFound, "APPOINTMENT_NOT_FOUND") { _ = try await hospital.complete(nothing) }
                await expectRefusal(.notFound, "APPOINTMENT_NOT_FOUND") { _ = try await hospital.markNoShow(nothing) }
                await expectRefusal(.notFound, "APPOINTMENT_NOT_FOUND") { _ = try await hospital.cancel(nothing) }
                await expectRefusal(.notFound, "APPOINTMENT_NOT_FOUND") {
                    _ = try await hospital.move(nothing, to: "2026-03-05T10:00:00+05:30")
                }
            }
        }
    }
}
