import Contracts
import HMSTestKit
import RPC
import Testing

/// What the patient and the doctor service have said serves for two seconds, but only to book.
@Suite(.timeLimit(.minutes(10))) struct RememberedPeopleTests {
    @Test func `who was asked for a moment ago is not asked for again`() async throws {
        try await withAppointments { hospital in
            let (patient, doctor) = (hospital.patients.keep(), hospital.doctors.keep())
            var isRemembered = false
            // A machine that is very busy may take longer than anything is remembered, but not every time.
            for hour in 11..<17 where !isRemembered {
                hospital.doctors.failure = nil
                hospital.patients.failure = nil
                _ = try await hospital.book(patient, with: doctor, at: "2026-03-03T\(hour):00:00+05:30")
                hospital.doctors.failure = .unavailable("down")
                hospital.patients.failure = .unavailable("down")
                let second = try? await hospital.book(patient, with: doctor, at: "2026-03-04T\(hour):00:00+05:30")
                isRemembered = second?.department == "Cardiology"
            }
            #expect(isRemembered)
            try await hospital.expectInvariants()
        }
    }

    @Test func `nobody is refused by what is remembered`() async throws {
        try await withAppointments { hospital in
            let (patient, doctor) = (hospital.patients.keep(), hospital.doctors.keep())
            _ = try await hospital.book(patient, with: doctor)
            await expectRefusal(.failedPrecondition, "PATIENT_SLOT_TAKEN") { _ = try await hospital.book(patient, with: doctor) }
            hospital.doctors.failure = .unavailable("down")
            await expectRefusal(.unavailable, "UNAVAILABLE") { _ = try await hospital.book(patient, with: doctor) }
        }
    }

    @Test func `of a doctor who has changed nothing is remembered`() async throws {
        try await withAppointments { hospital in
            let patient = hospital.patients.keep()
            var doctor = hospital.doctors.keep()
            _ = try await hospital.book(patient, with: doctor)
            doctor.consultationFee = 90_000
            hospital.doctors.keep(doctor)
            let changed = DoctorChanged(doctorID: doctor.doctorID, department: doctor.department, active: true, version: 2)
            try await hospital.tell("evt_1", changed)
            #expect(try await hospital.book(patient, with: doctor, at: "2026-03-04T10:00:00+05:30").consultationFee == 90_000)
        }
    }
}
