import Contracts
import FieldChecks
import HMSTestKit
import RPC
import ServiceKit
import Testing
import Vocabulary

/// `POST /v1/appointments`: the booking rules 1–10 as the service answers them.
@Suite(.timeLimit(.minutes(10))) struct BookingTests {
    @Test func `a booked appointment is scheduled, with the doctor's department and fee`() async throws {
        try await withAppointments { hospital in
            let doctor = hospital.doctors.keep(
                Doctor(name: "Nadia Iyer", department: "Cardiology", consultationFee: 80_000, status: .active, version: 1))
            let appointment = try await hospital.book(with: doctor, department: " CARDIOLOGY ")
            #expect(appointment.appointmentID.hasPrefix("apt_"))
            #expect(appointment.doctorID == doctor.doctorID && appointment.department == "Cardiology")
            #expect(try appointment.slotStart == timestamp("2026-03-03T04:30:00Z"))
            #expect(try appointment.slotEnd == timestamp("2026-03-03T05:00:00Z"))
            #expect(appointment.status == .scheduled && appointment.rescheduleCount == 0 && appointment.version == 1)
            #expect(appointment.consultationFee == 80_000)
            #expect(appointment.cancelReason == nil && appointment.cancelledBy == nil && appointment.feePercent == nil)
            #expect(try await hospital.read(appointment) == appointment)
            try await hospital.expectInvariants()
        }
    }

    @Test func `where the doctor has no fee of his own it is the clinic's`() async throws {
        try await withAppointments { hospital in
            let appointment = try await hospital.book()
            #expect(appointment.consultationFee == 50_000)
        }
    }

    @Test func `the event tells everything that others need`() async throws {
        try await withAppointments { hospital in
            let appointment = try await hospital.book()
            let event = try #require(try await hospital.events().first)
            #expect(event.type == "appointment.booked")
            #expect(
                event.message
                    == AppointmentChanged(
                        appointmentID: appointment.appointmentID, patientID: appointment.patientID, doctorID: appointment.doctorID,
                        department: "Cardiology", slotStart: appointment.slotStart, slotEnd: appointment.slotEnd,
                        consultationFee: 50_000, changedAt: appointment.createdAt, version: 1))
        }
    }

    @Test func `1 - PATIENT_NOT_FOUND, PATIENT_INACTIVE`() async throws {
        try await withAppointments { hospital in
            let nobody = Patient(patientID: "pat_01jq0000000000000000000000")
            await expectRefusal(.notFound, "PATIENT_NOT_FOUND") { _ = try await hospital.book(nobody) }
            let inactive = hospital.patients.keep(Patient(status: .inactive))
            await expectRefusal(.failedPrecondition, "PATIENT_INACTIVE") { _ = try await hospital.book(inactive) }
        }
    }

    @Test func `2 - DOCTOR_NOT_FOUND, DOCTOR_INACTIVE, after the patient`() async throws {
        try await withAppointments { hospital in
            let nobody = Doctor(doctorID: "doc_01jq0000000000000000000000", department: "Cardiology")
            await expectRefusal(.notFound, "DOCTOR_NOT_FOUND") { _ = try await hospital.book(with: nobody) }
            let unknown = Patient(patientID: "pat_01jq0000000000000000000000")
            await expectRefusal(.notFound, "PATIENT_NOT_FOUND") { _ = try await hospital.book(unknown, with: nobody) }
            let inactive = hospital.doctors.keep(Doctor(department: "Cardiology", status: .inactive))
            await expectRefusal(.failedPrecondition, "DOCTOR_INACTIVE") { _ = try await hospital.book(with: inactive) }
        }
    }

    @Test(
        arguments: [
            ("2026-03-03T10:00:00.001+05:30", nil), ("2026-03-03T10:15:00+05:30", nil), ("2026-03-03T10:10:00Z", nil),
            ("2026-03-03T10:00:00+05:30", "2026-03-03T10:29:59.999+05:30"), ("2026-03-03T10:00:00+05:30", "2026-03-03T10:30:00.001+05:30"),
            ("2026-03-03T10:00:00+05:30", "2026-03-03T11:00:00+05:30"), ("2026-03-03T10:00:00+05:30", "2026-03-03T09:00:00+05:30"),
        ] as [(String, String?)])
    func `3 - INVALID_SLOT`(start: String, end: String?) async throws {
        try await withAppointments { hospital in
            await expectRefusal(.outOfRange, "INVALID_SLOT") { _ = try await hospital.book(at: start, until: end) }
        }
    }

    @Test func `3 - the end of the slot may be given`() async throws {
        try await withAppointments { hospital in
            let appointment = try await hospital.book(at: "2026-03-03T10:00:00+05:30", until: "2026-03-03T10:30:00+05:30")
            #expect(try appointment.slotEnd == timestamp("2026-03-03T10:30:00+05:30"))
        }
    }

    @Test(arguments: [("08:30", false), ("09:00", true), ("17:30", true), ("18:00", false)])
    func `4 - OUTSIDE_CLINIC_HOURS`(time: String, isOpen: Bool) async throws {
        try await withAppointments { hospital in
            let refusal = await refusal { _ = try await hospital.book(at: "2026-03-03T\(time):00+05:30") }
            #expect(refusal?.reason == (isOpen ? nil : "OUTSIDE_CLINIC_HOURS"))
            #expect(refusal?.code == (isOpen ? nil : .outOfRange))
        }
    }

    @Test(arguments: [(-1, true), (0, true), (1, false)])
    func `5 - LEAD_TIME_TOO_SHORT`(milliseconds: Int, isAccepted: Bool) async throws {
        try await withAppointments { hospital in
            try hospital.setClock("2026-03-03T08:00:00+05:30", plus: milliseconds)
            let refusal = await refusal { _ = try await hospital.book() }
            #expect(refusal?.reason == (isAccepted ? nil : "LEAD_TIME_TOO_SHORT"))
            #expect(refusal?.code == (isAccepted ? nil : .outOfRange))
        }
    }

    @Test func `6 - DEPARTMENT_MISMATCH`() async throws {
        try await withAppointments { hospital in
            await expectRefusal(.outOfRange, "DEPARTMENT_MISMATCH") { _ = try await hospital.book(department: "Neurology") }
        }
    }

    @Test func `7 - DOCTOR_UNAVAILABLE outside working hours and in leave`() async throws {
        try await withAppointments { hospital in
            let doctor = hospital.doctors.keep()
            hospital.doctors.setWorkingHours(of: doctor.doctorID, [WorkingHours(weekday: .tuesday, start: "10:30", end: "13:00")])
            await expectRefusal(.failedPrecondition, "DOCTOR_UNAVAILABLE") { _ = try await hospital.book(with: doctor) }
            let other = hospital.doctors.keep()
            let leave = Leave(start: try timestamp("2026-03-03T10:29:59.999+05:30"), end: try timestamp("2026-03-04T00:00:00Z"))
            hospital.doctors.setLeaves(of: other.doctorID, [leave])
            await expectRefusal(.failedPrecondition, "DOCTOR_UNAVAILABLE") { _ = try await hospital.book(with: other) }
            _ = try await hospital.book(with: other, at: "2026-03-03T09:30:00+05:30")
        }
    }

    @Test func `8 - PATIENT_SLOT_TAKEN`() async throws {
        try await withAppointments { hospital in
            let patient = hospital.patients.keep()
            _ = try await hospital.book(patient)
            await expectRefusal(.failedPrecondition, "PATIENT_SLOT_TAKEN") { _ = try await hospital.book(patient) }
            try await hospital.expectInvariants()
        }
    }

    @Test func `9 - DOCTOR_SLOT_TAKEN`() async throws {
        try await withAppointments { hospital in
            let doctor = hospital.doctors.keep()
            _ = try await hospital.book(with: doctor)
            await expectRefusal(.failedPrecondition, "DOCTOR_SLOT_TAKEN") { _ = try await hospital.book(with: doctor) }
            try await hospital.expectInvariants()
        }
    }

    @Test func `10 - DOCTOR_DAILY_CAP, the ninth of a clinic day`() async throws {
        try await withAppointments { hospital in
            let doctor = hospital.doctors.keep()
            for hour in 9...16 { _ = try await hospital.book(with: doctor, at: "2026-03-03T\(hour < 10 ? "0" : "")\(hour):00:00+05:30") }
            await expectRefusal(.failedPrecondition, "DOCTOR_DAILY_CAP") {
                _ = try await hospital.book(with: doctor, at: "2026-03-03T17:00:00+05:30")
            }
            _ = try await hospital.book(with: doctor, at: "2026-03-04T17:00:00+05:30")
            try await hospital.expectInvariants()
        }
    }

    @Test(
        arguments: ["patient", "doctor"], [RPCError.unavailable("down"), .deadlineExceeded, .overloaded("busy", retryAfter: .seconds(1))])
    func `while the patient or the doctor service does not answer it is 503, and nothing is booked`(
        service: String, failure: RPCError
    ) async throws {
        try await withAppointments { hospital in
            let patient = hospital.patients.keep()
            let doctor = hospital.doctors.keep()
            if service == "patient" { hospital.patients.failure = failure } else { hospital.doctors.failure = failure }
            let refused = await refusal { _ = try await hospital.book(patient, with: doctor) }
            #expect(refused?.code == .unavailable && refused?.reason == "UNAVAILABLE" && refused?.retryAfter != nil)
            let booked = try await hospital.appointments.listAppointments(ListAppointmentsRequest()).appointments
            #expect(booked.isEmpty)
            #expect(try await hospital.events().isEmpty)
        }
    }

    @Test func `the same request under the same key is one booking`() async throws {
        try await withAppointments { hospital in
            let reception = try await hospital.client(.reception, idempotencyKey: "k-1")
            let request = BookAppointmentRequest(
                patientID: hospital.patients.keep().patientID, doctorID: hospital.doctors.keep().doctorID, department: "Cardiology",
                slotStart: try timestamp("2026-03-03T10:00:00+05:30"))
            let first = try await reception.bookAppointment(request)
            #expect(try await reception.bookAppointment(request) == first)
            #expect(try await hospital.eventTypes() == ["appointment.booked"])
        }
    }

    @Test(arguments: [(CallerRole.reception, true), (.admin, true), (.doctor, false), (.billing, false), (.service, false)])
    func `reception books`(role: CallerRole, isAllowed: Bool) async throws {
        try await withAppointments { hospital in
            let request = BookAppointmentRequest(
                patientID: hospital.patients.keep().patientID, doctorID: hospital.doctors.keep().doctorID, department: "Cardiology",
                slotStart: try timestamp("2026-03-03T10:00:00+05:30"))
            let client = try await hospital.client(role)
            #expect(await outcome { _ = try await client.bookAppointment(request) } == (isAllowed ? "OK" : "PERMISSION_DENIED"))
        }
    }

    @Test(arguments: ["0001-01-01T00:00:00Z", "9999-12-31T23:45:00Z", "9999-12-31T23:59:59.999Z"])
    func `the ends of the calendar are no server errors`(start: String) async throws {
        try await withAppointments { hospital in
            let refusal = await refusal { _ = try await hospital.book(at: start) }
            #expect(refusal?.code == .invalidArgument || refusal?.code == .outOfRange)
        }
    }

    @Test(
        arguments: [
            ("America/New_York", "2026-03-08T13:00:00Z"), ("America/New_York", "2026-11-01T14:00:00Z"),
            ("Asia/Kathmandu", "2026-03-03T03:15:00Z"), ("Australia/Lord_Howe", "2026-04-04T22:30:00Z"),
            ("Australia/Lord_Howe", "2026-10-03T22:00:00Z"), ("Europe/London", "2026-03-29T08:00:00Z"),
        ])
    func `a day begins at 09 on the clinic's own clock`(timeZone: String, opening: String) async throws {
        try await withAppointments(timeZone: timeZone, at: "2026-03-01T00:00:00Z") { hospital in
            let doctor = hospital.doctors.keep()
            let first = try instant(opening)
            await expectRefusal(.outOfRange, "OUTSIDE_CLINIC_HOURS") {
                _ = try await hospital.book(with: doctor, at: (first - .seconds(1_800)).rfc3339)
            }
            await expectRefusal(.outOfRange, "INVALID_SLOT") {
                _ = try await hospital.book(with: doctor, at: (first + .seconds(900)).rfc3339)
            }
            for index in 0..<8 { _ = try await hospital.book(with: doctor, at: (first + .seconds(1_800 * index)).rfc3339) }
            await expectRefusal(.failedPrecondition, "DOCTOR_DAILY_CAP") {
                _ = try await hospital.book(with: doctor, at: (first + .seconds(1_800 * 17)).rfc3339)
            }
            try await hospital.expectInvariants()
        }
    }
}
