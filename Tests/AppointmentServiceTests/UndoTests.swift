import Contracts
import FieldChecks
import HMSTestKit
import RPC
import ServiceKit
import Storage
import Testing

/// `POST /v1/appointments/{appointment_id}/undo`: a check-in or a no-show of the day is taken back. The slot is 10:00 to 10:30.
@Suite(.timeLimit(.minutes(10))) struct UndoTests {
    @Test func `a check-in is taken back, and nobody is told`() async throws {
        try await withAppointments { hospital in
            let appointment = try await hospital.book()
            try hospital.setClock("2026-03-03T09:45:00+05:30")
            _ = try await hospital.checkIn(appointment)
            let undone = try await hospital.undo(appointment)
            #expect(undone.status == .scheduled && undone.version == 3 && undone.feePercent == nil)
            #expect(try await hospital.read(appointment) == undone)
            #expect(try await hospital.eventTypes() == ["appointment.booked"])
            _ = try await hospital.checkIn(appointment)
            #expect(try await hospital.undo(appointment).version == 5)
            try await hospital.expectInvariants()
        }
    }

    @Test func `a no-show is taken back with the event that tells billing, and the visit goes on`() async throws {
        try await withAppointments { hospital in
            let appointment = try await hospital.book()
            try hospital.setClock("2026-03-03T10:15:00+05:30")
            _ = try await hospital.markNoShow(appointment)
            let undone = try await hospital.undo(appointment)
            #expect(undone.status == .scheduled && undone.version == 3 && undone.feePercent == nil)
            let event = try #require(try await hospital.events().last)
            #expect(event.type == "appointment.reinstated" && event.message.version == 3 && event.message.feePercent == 0)
            #expect(event.message.consultationFee == 50_000 && event.message.patientID == appointment.patientID)
            try await hospital.expectInvariants()
            _ = try await hospital.checkIn(appointment)
            #expect(try await hospital.complete(appointment).status == .completed)
            try await hospital.expectInvariants()
        }
    }

    @Test func `the step and its undoing both stay, with who, when and why`() async throws {
        try await withAppointments { hospital in
            let appointment = try await hospital.book()
            try hospital.setClock("2026-03-03T10:15:00+05:30")
            _ = try await hospital.markNoShow(appointment)
            try hospital.setClock("2026-03-03T10:20:00+05:30")
            let desk = try await hospital.client(.reception)
            _ = try await desk.undoStep(UndoStepRequest(appointmentID: appointment.appointmentID, reason: "She waited upstairs"))
            let steps = try await hospital.history(of: appointment)
            #expect(steps.map(\.status) == [.scheduled, .noShow, .scheduled])
            #expect(
                steps.last
                    == AppointmentStep(
                        status: .scheduled, at: try timestamp("2026-03-03T10:20:00+05:30"), by: "reception:some-reception",
                        reason: "She waited upstairs", slotStart: appointment.slotStart))
        }
    }

    /// The clinic's day of the step, whichever day the slot is of: what is noted late is taken back late.
    @Test(
        arguments: [
            ("2026-03-03T23:59:59.999+05:30", true), ("2026-03-04T00:00:00+05:30", false), ("2026-03-03T00:00:00+05:30", true),
            ("2026-03-02T23:59:59.999+05:30", false),
        ])
    func `UNDO_TOO_LATE once the day of the step is over`(now: String, isAccepted: Bool) async throws {
        try await withAppointments { hospital in
            let (present, missed) = (try await hospital.book(), try await hospital.book())
            try hospital.setClock("2026-03-03T10:15:00+05:30")
            _ = try await hospital.checkIn(present)
            _ = try await hospital.markNoShow(missed)
            try hospital.setClock(now)
            for appointment in [present, missed] {
                let refusal = await refusal { _ = try await hospital.undo(appointment) }
                #expect(refusal?.reason == (isAccepted ? nil : "UNDO_TOO_LATE"))
                #expect(refusal?.code == (isAccepted ? nil : .failedPrecondition))
            }
            try await hospital.expectInvariants()
        }
    }

    @Test func `a no-show that is noted days later is taken back on that day`() async throws {
        try await withAppointments { hospital in
            let appointment = try await hospital.book()
            try hospital.setClock("2026-03-06T09:00:00+05:30")
            _ = try await hospital.markNoShow(appointment)
            #expect(try await hospital.undo(appointment).status == .scheduled)
            #expect(try await hospital.complete(appointment).status == .completed)
        }
    }

    @Test func `INVALID_STATE for whatever is no check-in and no no-show, and for the second time`() async throws {
        try await withAppointments { hospital in
            let booked = try await hospital.book()
            let moved = try await hospital.move(try await hospital.book(), to: "2026-03-03T11:00:00+05:30")
            let cancelled = try await hospital.cancel(try await hospital.book())
            let (seen, missed) = (try await hospital.book(), try await hospital.book())
            try hospital.setClock("2026-03-03T10:15:00+05:30")
            _ = try await hospital.checkIn(seen)
            let completed = try await hospital.complete(seen)
            _ = try await hospital.markNoShow(missed)
            let undone = try await hospital.undo(missed)
            for appointment in [booked, moved, cancelled, completed, undone] {
                await expectRefusal(.failedPrecondition, "INVALID_STATE") { _ = try await hospital.undo(appointment) }
                #expect(try await hospital.read(appointment) == appointment)
            }
            try await hospital.expectInvariants()
        }
    }

    /// What another system has noted came in as it was: here nobody has taken a step.
    @Test func `INVALID_STATE for a no-show of another system`() async throws {
        try await withAppointments { hospital in
            let request = ImportAppointmentRequest(
                patientID: hospital.patients.keep().patientID, doctorID: hospital.doctors.keep().doctorID,
                slotStart: try timestamp("2026-02-24T10:00:00+05:30"), status: .noShow)
            let imported = try #require(try await hospital.appointments.importAppointment(request).appointment)
            await expectRefusal(.failedPrecondition, "INVALID_STATE") { _ = try await hospital.undo(imported) }
        }
    }

    /// A slot that is over can only be taken where the clock was set back.
    @Test(arguments: [true, false])
    func `a slot that somebody else has taken meanwhile is gone`(ofDoctor: Bool) async throws {
        try await withAppointments { hospital in
            let (patient, doctor) = (hospital.patients.keep(), hospital.doctors.keep())
            let appointment = try await hospital.book(patient, with: doctor)
            try hospital.setClock("2026-03-03T10:15:00+05:30")
            let missed = try await hospital.markNoShow(appointment)
            try hospital.setClock("2026-03-03T07:00:00+05:30")
            _ = try await ofDoctor ? hospital.book(with: doctor) : hospital.book(patient)
            await expectRefusal(.failedPrecondition, ofDoctor ? "DOCTOR_SLOT_TAKEN" : "PATIENT_SLOT_TAKEN") {
                _ = try await hospital.undo(missed)
            }
            #expect(try await hospital.read(missed) == missed)
            try await hospital.expectInvariants()
        }
    }

    @Test func `of 32 who take a no-show back and 32 who book its slot one gets it`() async throws {
        try await withAppointments { hospital in
            let doctor = hospital.doctors.keep()
            let appointment = try await hospital.book(with: doctor)
            try hospital.setClock("2026-03-03T10:15:00+05:30")
            _ = try await hospital.markNoShow(appointment)
            try hospital.setClock("2026-03-03T07:00:00+05:30")
            let answers = await outcomes(of: 64) { index in
                if index.isMultiple(of: 2) {
                    _ = try await hospital.undo(appointment)
                } else {
                    _ = try await hospital.book(with: doctor)
                }
            }
            #expect(answers["OK"] == 1)
            #expect((answers["DOCTOR_SLOT_TAKEN"] ?? 0) + (answers["INVALID_STATE"] ?? 0) == 63)
            try await hospital.expectInvariants()
        }
    }

    @Test func `a full day stays full: a no-show was counted all the time`() async throws {
        try await withAppointments { hospital in
            let doctor = hospital.doctors.keep()
            let appointment = try await hospital.book(with: doctor)
            for hour in 11...17 { _ = try await hospital.book(with: doctor, at: "2026-03-03T\(hour):00:00+05:30") }
            try hospital.setClock("2026-03-03T10:15:00+05:30")
            _ = try await hospital.markNoShow(appointment)
            _ = try await hospital.undo(appointment)
            await expectRefusal(.failedPrecondition, "DOCTOR_DAILY_CAP") {
                _ = try await hospital.book(with: doctor, at: "2026-03-03T13:30:00+05:30")
            }
            try await hospital.expectInvariants()
        }
    }

    @Test func `a no-show of a patient who is gone stays; a doctor who is gone ends what he has begun`() async throws {
        try await withAppointments { hospital in
            let (patient, doctor) = (hospital.patients.keep(), hospital.doctors.keep())
            let appointment = try await hospital.book(patient, with: doctor)
            try hospital.setClock("2026-03-03T10:15:00+05:30")
            _ = try await hospital.markNoShow(appointment)
            hospital.patients.keep(Patient(patientID: patient.patientID, status: .inactive))
            await expectRefusal(.failedPrecondition, "PATIENT_INACTIVE") { _ = try await hospital.undo(appointment) }
            hospital.patients.keep(patient)
            hospital.doctors.keep(Doctor(doctorID: doctor.doctorID, department: "Cardiology", status: .inactive))
            #expect(try await hospital.undo(appointment).status == .scheduled)
        }
    }

    /// The patient service is about to commit that the patient is gone, and has counted no active appointment.
    @Test func `while bookings of the patient are held a no-show is not taken back`() async throws {
        try await withAppointments { hospital in
            let appointment = try await hospital.book()
            try hospital.setClock("2026-03-03T10:15:00+05:30")
            _ = try await hospital.markNoShow(appointment)
            try await hospital.service.resources.database.write { transaction in
                try transaction.execute(
                    "INSERT INTO booking_holds (person_id, from_at, to_at, expires_at) VALUES (?, ?, ?, ?)",
                    [.text(appointment.patientID), .integer(0), .integer(1 << 50), .integer(1 << 50)])
            }
            await expectRefusal(.unavailable, "UNAVAILABLE") { _ = try await hospital.undo(appointment) }
            try await hospital.expectInvariants()
        }
    }

    @Test func `where the patient service does not answer a check-in is taken back all the same, a no-show is not`() async throws {
        try await withAppointments { hospital in
            let (present, missed) = (try await hospital.book(), try await hospital.book())
            try hospital.setClock("2026-03-03T10:15:00+05:30")
            _ = try await hospital.checkIn(present)
            _ = try await hospital.markNoShow(missed)
            hospital.patients.failure = .deadlineExceeded
            #expect(try await hospital.undo(present).status == .scheduled)
            await expectRefusal(.unavailable, "UNAVAILABLE") { _ = try await hospital.undo(missed) }
        }
    }

    @Test func `a reason is needed`() async throws {
        try await withAppointments { hospital in
            for reason in ["", "  "] {
                let request = UndoStepRequest(appointmentID: try await hospital.book().appointmentID, reason: reason)
                let refusal = await refusal { _ = try await hospital.appointments.undoStep(request) }
                #expect(refusal?.code == .invalidArgument && refusal?.violations.map(\.field) == ["reason"])
            }
        }
    }

    @Test func `what is sent again under its key gets the first answer`() async throws {
        try await withAppointments { hospital in
            let appointment = try await hospital.book()
            try hospital.setClock("2026-03-03T10:15:00+05:30")
            _ = try await hospital.markNoShow(appointment)
            let desk = try await hospital.client(.reception, idempotencyKey: "k-1")
            let request = UndoStepRequest(appointmentID: appointment.appointmentID, reason: "She is here")
            let first = try await desk.undoStep(request)
            #expect(try await desk.undoStep(request) == first)
            #expect(try await hospital.eventTypes().count == 3)
        }
    }

    @Test func `a no-show that was taken back and called off awaits billing until it has heard of that`() async throws {
        try await withAppointments { hospital in
            let appointment = try await hospital.book()
            try hospital.setClock("2026-03-03T10:15:00+05:30")
            _ = try await hospital.markNoShow(appointment)
            _ = try await hospital.undo(appointment)
            _ = try await hospital.cancel(appointment, by: .clinic)
            let held = try await hospital.peer().holdBookings(HoldBookingsRequest(of: .patientID(appointment.patientID)))
            #expect(held.active == 0 && held.awaitingBills == 1)
        }
    }
}
