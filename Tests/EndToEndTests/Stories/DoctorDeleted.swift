import HospitalClient
import Testing

extension Stories {
    @Suite struct DoctorDeleted {
        @Test func `a doctor with patients to come is not deleted, unless the clinic cancels for him`() async throws {
            let clinic = try Clinic.ofThisStory
            let day = try clinic.nextDay()
            let (doctor, patient) = (try await clinic.doctor(), try await clinic.patient())
            let visit = try await clinic.book(patient, with: doctor, at: try day.text("11:00"))
            let path = "/v1/doctors/\(doctor.id)"
            try await clinic.admin.delete(path).expect(409, "DOCTOR_HAS_APPOINTMENTS")
            #expect(try await clinic.admin.delete(path, [("strategy", "cancel")]).status == 204)

            let cancelled = try await clinic.appointment(visit)
            #expect(cancelled[text: "status"] == "CANCELLED" && cancelled[text: "cancelled_by"] == "CLINIC")
            #expect(cancelled[number: "fee_percent"] == 0)
            try await clinic.expectNews("appointment.cancelled", to: patient)
            #expect(try await clinic.reception.get(path).body(200)[text: "status"] == "INACTIVE")
            try await clinic.tryToBook(patient, with: doctor, at: day.text("12:00")).expect(409, "DOCTOR_INACTIVE")
        }

        @Test func `a patient is deleted when nothing waits for him: no visit, no bill`() async throws {
            let clinic = try Clinic.ofThisStory
            let day = try clinic.nextDay()
            let (doctor, patient) = (try await clinic.doctor(), try await clinic.patient())
            let visit = try await clinic.book(patient, with: doctor, at: try day.text("11:00"))
            try await clinic.reception.delete("/v1/patients/\(patient)").expect(409, "PATIENT_HAS_APPOINTMENTS")
            try clinic.moveClock(to: try day.at("11:00"))
            _ = try await clinic.complete(visit, by: doctor).body(200)
            let bill = try await clinic.bill("CONSULTATION", of: visit)
            try await clinic.reception.delete("/v1/patients/\(patient)").expect(409, "PATIENT_HAS_OPEN_BILLS")
            _ = try await clinic.pay(bill).body(201)
            #expect(try await clinic.reception.delete("/v1/patients/\(patient)").status == 204)
            try await clinic.tryToBook(patient, with: doctor, at: try day.text("14:00")).expect(409, "PATIENT_INACTIVE")
        }
    }
}
