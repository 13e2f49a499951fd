import Contracts
import HMSTestKit
import ProtobufC
import RPC
import ServiceKit
import Testing

/// Taking over appointments from another system.
@Suite(.timeLimit(.minutes(10))) struct ImportTests {
    @Test(
        arguments: [
            (AppointmentStatus.unspecified, AppointmentStatus.scheduled, nil), (.scheduled, .scheduled, nil), (.completed, .completed, nil),
            (.cancelled, .cancelled, 0), (.noShow, .noShow, 0),
        ] as [(AppointmentStatus, AppointmentStatus, Int32?)])
    func `an appointment of the past is taken over in its status, and nobody is told`(
        asked: AppointmentStatus, status: AppointmentStatus, percent: Int32?
    ) async throws {
        try await withAppointments { hospital in
            let answer = try await hospital.take(over: asked)
            let appointment = try #require(answer.appointment)
            #expect(!answer.alreadyThere && appointment.status == status && appointment.feePercent == percent)
            #expect(appointment.department == "Cardiology" && appointment.consultationFee == 50_000)
            #expect(try await hospital.read(appointment) == appointment)
            #expect(try await hospital.history(of: appointment).map(\.status) == [status])
            #expect(try await hospital.events().isEmpty)
        }
    }

    @Test(arguments: [AppointmentStatus.scheduled, .completed, .cancelled, .noShow])
    func `importing again changes nothing`(status: AppointmentStatus) async throws {
        try await withAppointments { hospital in
            let patient = hospital.patients.keep()
            let doctor = hospital.doctors.keep()
            let first = try await hospital.take(over: status, patient, doctor)
            let second = try await hospital.take(over: status, patient, doctor)
            #expect(second.alreadyThere && second.appointment == first.appointment)
            #expect(try await hospital.appointments.listAppointments(ListAppointmentsRequest()).appointments.count == 1)
        }
    }

    @Test func `under a key it is answered as the first time`() async throws {
        try await withAppointments { hospital in
            let client = try await hospital.client(.admin, idempotencyKey: "k-1")
            var request = ImportAppointmentRequest(
                patientID: hospital.patients.keep().patientID, doctorID: hospital.doctors.keep().doctorID,
                slotStart: try timestamp("2026-02-03T10:00:00+05:30"), status: .completed)
            let first = try await client.importAppointment(request)
            #expect(!first.alreadyThere)
            #expect(try await client.importAppointment(request) == first)
            request.status = .noShow
            await expectRefusal(.outOfRange, "IDEMPOTENCY_KEY_REUSED") { _ = try await client.importAppointment(request) }
        }
    }

    @Test func `what was booked here is there already`() async throws {
        try await withAppointments { hospital in
            let patient = hospital.patients.keep()
            let doctor = hospital.doctors.keep()
            let booked = try await hospital.book(patient, with: doctor)
            let answer = try await hospital.take(over: .scheduled, patient, doctor, at: "2026-03-03T10:00:00+05:30")
            #expect(answer.alreadyThere && answer.appointment == booked)
        }
    }

    @Test func `a cancelled one and another in its slot stand side by side`() async throws {
        try await withAppointments { hospital in
            let patient = hospital.patients.keep()
            let doctor = hospital.doctors.keep()
            for status in [AppointmentStatus.completed, .cancelled, .completed, .cancelled] {
                _ = try await hospital.take(over: status, patient, doctor)
            }
            #expect(try await hospital.appointments.listAppointments(ListAppointmentsRequest()).appointments.count == 2)
            try await hospital.expectInvariants()
        }
    }

    @Test func `every reason is told, under the code of the first`() async throws {
        try await withAppointments { hospital in
            let patient = Patient(patientID: "pat_01jq0000000000000000000000")
            let doctor = hospital.doctors.keep(Doctor(department: "Cardiology", status: .inactive))
            let refusal = await refusal {
                _ = try await hospital.take(over: .completed, patient, doctor, at: "2026-02-03T20:15:00+05:30", department: "Neurology")
            }
            #expect(refusal?.code == .notFound && refusal?.reason == "PATIENT_NOT_FOUND")
            #expect(
                refusal?.violations.map(\.field) == [
                    "patient_id", "doctor_id", "slot_start", "slot_start", "department", "slot_start",
                ])
        }
    }

    @Test func `the doctor's and the patient's slots, and the cap, hold in the past too`() async throws {
        try await withAppointments { hospital in
            let patient = hospital.patients.keep()
            let doctor = hospital.doctors.keep()
            for hour in 10...17 { _ = try await hospital.take(over: .completed, nil, doctor, at: "2026-02-03T\(hour):00:00+05:30") }
            _ = try await hospital.take(over: .completed, patient, at: "2026-02-04T10:00:00+05:30")
            await expectRefusal(.failedPrecondition, "DOCTOR_DAILY_CAP") {
                _ = try await hospital.take(over: .noShow, nil, doctor, at: "2026-02-03T09:00:00+05:30")
            }
            await expectRefusal(.failedPrecondition, "DOCTOR_SLOT_TAKEN") {
                _ = try await hospital.take(over: .noShow, nil, doctor, at: "2026-02-03T10:00:00+05:30")
            }
            await expectRefusal(.failedPrecondition, "PATIENT_SLOT_TAKEN") {
                _ = try await hospital.take(over: .completed, patient, at: "2026-02-04T10:00:00+05:30")
            }
            _ = try await hospital.take(over: .cancelled, nil, doctor, at: "2026-02-03T10:00:00+05:30")
            try await hospital.expectInvariants()
        }
    }

    @Test func `what has not begun can't have ended`() async throws {
        try await withAppointments { hospital in
            let refusal = await refusal { _ = try await hospital.take(over: .completed, at: "2026-03-03T10:00:00+05:30") }
            #expect(refusal?.reason == "APPOINTMENT_NOT_STARTED" && refusal?.violations.map(\.field) == ["status"])
            await expectRefusal(.failedPrecondition, "NO_SHOW_TOO_EARLY") {
                _ = try await hospital.take(over: .noShow, at: "2026-03-03T10:00:00+05:30")
            }
            let scheduled = try await hospital.take(over: .scheduled, at: "2026-03-02T09:00:00+05:30")
            #expect(scheduled.appointment?.status == .scheduled)
        }
    }

    @Test func `while the patient service does not answer nothing is taken over`() async throws {
        try await withAppointments { hospital in
            hospital.patients.failure = .unavailable("down")
            await expectRefusal(.unavailable, "UNAVAILABLE") { _ = try await hospital.take(over: .completed) }
        }
    }
}

extension AppointmentHospital {
    /// Imports an appointment: of 3 February at 10:00, where nothing else is said.
    fileprivate func take(
        over status: AppointmentStatus, _ patient: Patient? = nil, _ doctor: Doctor? = nil,
        at start: String = "2026-02-03T10:00:00+05:30", department: String = ""
    ) async throws -> ImportAppointmentResponse {
        let request = ImportAppointmentRequest(
            patientID: (patient ?? patients.keep()).patientID, doctorID: (doctor ?? doctors.keep()).doctorID, department: department,
            slotStart: try timestamp(start), status: status)
        return try await appointments.importAppointment(request)
    }
}
