import Contracts
import FieldChecks
import HMSTestKit
import RPC
import ServiceKit
import Testing

/// `POST /v1/appointments/{appointment_id}/cancel`: when, and what it costs. The slot starts at 10:00.
@Suite(.timeLimit(.minutes(10))) struct CancellingTests {
    @Test(arguments: [("08:00", -1, 0), ("08:00", 0, 50), ("08:00", 1, 50), ("10:00", -1, 50)])
    func `with more than two hours of lead time it is free, else it costs half, exactly two hours too`(
        time: String, milliseconds: Int, percent: Int32
    ) async throws {
        try await withAppointments { hospital in
            let appointment = try await hospital.book()
            try hospital.setClock("2026-03-03T\(time):00+05:30", plus: milliseconds)
            let cancelled = try await hospital.cancel(appointment)
            #expect(cancelled.status == .cancelled && cancelled.feePercent == percent && cancelled.version == 2)
            #expect(cancelled.cancelledBy == .patient && cancelled.cancelReason == "Travelling")
            let event = try #require(try await hospital.events().last)
            #expect(event.type == "appointment.cancelled" && event.message.feePercent == percent && !event.message.byClinic)
            #expect(event.message.consultationFee == 50_000)
            try await hospital.expectInvariants()
        }
    }

    @Test func `by the clinic it costs nothing, however late`() async throws {
        try await withAppointments { hospital in
            let appointment = try await hospital.book()
            try hospital.setClock("2026-03-03T09:59:59.999+05:30")
            let cancelled = try await hospital.cancel(appointment, by: .clinic)
            #expect(cancelled.feePercent == 0 && cancelled.cancelledBy == .clinic)
            let event = try #require(try await hospital.events().last)
            #expect(event.message.feePercent == 0 && event.message.byClinic)
        }
    }

    @Test(arguments: [(-1, true), (0, false), (1, false)])
    func `APPOINTMENT_STARTED`(milliseconds: Int, isAccepted: Bool) async throws {
        try await withAppointments { hospital in
            let appointment = try await hospital.book()
            try hospital.setClock("2026-03-03T10:00:00+05:30", plus: milliseconds)
            let refusal = await refusal { _ = try await hospital.cancel(appointment) }
            #expect(refusal?.reason == (isAccepted ? nil : "APPOINTMENT_STARTED"))
            #expect(refusal?.code == (isAccepted ? nil : .failedPrecondition))
        }
    }

    /// The doctor falls ill, or the patient leaves unseen. The clinic's day ends at 24:00.
    @Test(arguments: [("10:00:00", true), ("17:00:00", true), ("23:59:59.999", true), ("24:00:00", false)])
    func `the clinic cancels until its day ends, for nothing`(time: String, isAccepted: Bool) async throws {
        try await withAppointments { hospital in
            let appointment = try await hospital.book()
            try hospital.setClock(time == "24:00:00" ? "2026-03-04T00:00:00+05:30" : "2026-03-03T\(time)+05:30")
            let refusal = await refusal { _ = try await hospital.cancel(appointment, by: .clinic) }
            #expect(refusal?.reason == (isAccepted ? nil : "APPOINTMENT_STARTED"))
            #expect(try await hospital.read(appointment).feePercent == (isAccepted ? 0 : nil))
            try await hospital.expectInvariants()
        }
    }

    @Test(
        arguments: [
            (CallerRole.doctor, .unspecified, .clinic, 0), (.doctor, .clinic, .clinic, 0), (.doctor, .patient, .clinic, 0),
            (.reception, .unspecified, .patient, 50), (.reception, .clinic, .clinic, 0), (.reception, .patient, .patient, 50),
        ] as [(CallerRole, CancelInitiator, CancelInitiator, Int32)])
    func `what a doctor cancels the clinic cancels, whatever he says; at the desk it is the patient, unless it is said`(
        role: CallerRole, said: CancelInitiator, noted: CancelInitiator, percent: Int32
    ) async throws {
        try await withAppointments { hospital in
            let appointment = try await hospital.book()
            try hospital.setClock("2026-03-03T09:00:00+05:30")
            let caller = try await hospital.client(role, subject: appointment.doctorID)
            let request = CancelAppointmentRequest(appointmentID: appointment.appointmentID, reason: "Ill", initiatedBy: said)
            let cancelled = try await caller.cancelAppointment(request).appointment
            #expect(cancelled?.cancelledBy == noted && cancelled?.feePercent == percent)
        }
    }

    /// A doctor who has gone ill over the visit; a patient who calls off is not in the room any more.
    @Test(arguments: [(-1, nil, nil), (0, nil, "APPOINTMENT_STARTED"), (1, nil, "APPOINTMENT_STARTED")] as [(Int, String?, String?)])
    func `at the start the clinic and a doctor may still cancel, a patient no more`(
        milliseconds: Int, clinic: String?, patient: String?
    ) async throws {
        try await withAppointments { hospital in
            for isCheckedIn in [true, false] {
                let mine = try await hospital.book()
                let theirs = try await hospital.book()
                let his = try await hospital.book()
                try hospital.setClock("2026-03-03T09:30:00+05:30")
                if isCheckedIn { for visit in [mine, theirs, his] { _ = try await hospital.checkIn(visit) } }
                try hospital.setClock("2026-03-03T10:00:00+05:30", plus: milliseconds)
                let doctor = try await hospital.client(.doctor, subject: his.doctorID)
                let request = CancelAppointmentRequest(appointmentID: his.appointmentID, reason: "Ill", initiatedBy: .patient)
                #expect(await refusal { _ = try await hospital.cancel(theirs, by: .clinic) }?.reason == clinic)
                #expect(await refusal { _ = try await doctor.cancelAppointment(request) }?.reason == clinic)
                #expect(await refusal { _ = try await hospital.cancel(mine) }?.reason == patient)
                for cancelled in [theirs, his] { #expect(try await hospital.read(cancelled).feePercent == 0) }
                try hospital.setClock("2026-03-02T09:00:00+05:30")
            }
            try await hospital.expectInvariants()
        }
    }

    @Test func `a patient who has checked in can still be cancelled before the start`() async throws {
        try await withAppointments { hospital in
            let appointment = try await hospital.book()
            try hospital.setClock("2026-03-03T09:30:00+05:30")
            _ = try await hospital.checkIn(appointment)
            #expect(try await hospital.cancel(appointment).feePercent == 50)
            try await hospital.expectInvariants()
        }
    }

    @Test func `a cancelled booking frees its slot and its place under the cap`() async throws {
        try await withAppointments { hospital in
            let patient = hospital.patients.keep()
            let doctor = hospital.doctors.keep()
            let appointment = try await hospital.book(patient, with: doctor)
            for hour in 11...17 { _ = try await hospital.book(with: doctor, at: "2026-03-03T\(hour):00:00+05:30") }
            _ = try await hospital.cancel(appointment)
            _ = try await hospital.book(patient, with: doctor)
            await expectRefusal(.failedPrecondition, "DOCTOR_DAILY_CAP") {
                _ = try await hospital.book(with: doctor, at: "2026-03-03T09:00:00+05:30")
            }
            try await hospital.expectInvariants()
        }
    }

    @Test func `a reason is needed`() async throws {
        try await withAppointments { hospital in
            let request = CancelAppointmentRequest(appointmentID: try await hospital.book().appointmentID)
            let refusal = await refusal { _ = try await hospital.appointments.cancelAppointment(request) }
            #expect(refusal?.code == .invalidArgument && refusal?.violations.map(\.field) == ["reason"])
        }
    }
}
