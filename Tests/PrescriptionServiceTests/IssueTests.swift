import Contracts
import FieldChecks
import HMSTestKit
import RPC
import ServiceKit
import Testing

/// POST /v1/prescriptions
@Suite(.timeLimit(.minutes(10))) struct IssueTests {
    @Test func `an issued prescription is the appointment's patient's and doctor's, and can be read`() async throws {
        try await withPrescriptions { hospital in
            let prescription = try await hospital.issue()
            #expect(prescription.prescriptionID.hasPrefix("rx_"))
            #expect(prescription.patientID == PrescriptionServiceUnderTest.patientID)
            #expect(prescription.doctorID == PrescriptionServiceUnderTest.doctorID)
            #expect(prescription.medication == "Amoxicillin 500 mg" && prescription.dosage == "One, three times a day")
            #expect(prescription.days == 7 && prescription.status == .active && prescription.version == 1)
            #expect(prescription.issuedAt == ProtobufTimestamp(hospital.hospital.clock.now))
            #expect(prescription.overrideReason == nil && prescription.cancelReason == nil)
            #expect(try await hospital.read(prescription.prescriptionID) == prescription)
        }
    }

    @Test func `the event tells of whom, never of what`() async throws {
        try await withPrescriptions { hospital in
            let prescription = try await hospital.issue()
            let told = PrescriptionIssued(
                prescriptionID: prescription.prescriptionID, appointmentID: PrescriptionServiceUnderTest.appointmentID,
                patientID: PrescriptionServiceUnderTest.patientID, doctorID: PrescriptionServiceUnderTest.doctorID)
            #expect(try await hospital.events() == [told])
        }
    }

    @Test(arguments: [AppointmentStatus.checkedIn, .completed])
    func `an appointment that is checked in or completed is eligible`(status: AppointmentStatus) async throws {
        try await withPrescriptions(status) { hospital in
            let prescription = try await hospital.issue()
            #expect(prescription.status == .active)
        }
    }

    @Test(arguments: [AppointmentStatus.scheduled, .cancelled, .noShow])
    func `APPOINTMENT_NOT_ELIGIBLE in every other state`(status: AppointmentStatus) async throws {
        try await withPrescriptions(status) { hospital in
            await expectRefusal(.failedPrecondition, "APPOINTMENT_NOT_ELIGIBLE") { _ = try await hospital.issue() }
            let all = try await hospital.all()
            #expect(all.isEmpty)
        }
    }

    @Test func `PATIENT_MISMATCH and DOCTOR_MISMATCH where they are given and others`() async throws {
        try await withPrescriptions { hospital in
            var request = hospital.request()
            request.patientID = "pat_01jq0000000000000000000009"
            await expectRefusal(.outOfRange, "PATIENT_MISMATCH") { _ = try await hospital.doctor.issuePrescription(request) }
            request.patientID = PrescriptionServiceUnderTest.patientID
            request.doctorID = "doc_01jq0000000000000000000009"
            await expectRefusal(.outOfRange, "DOCTOR_MISMATCH") { _ = try await hospital.doctor.issuePrescription(request) }
            request.doctorID = PrescriptionServiceUnderTest.doctorID
            let prescription = try await hospital.doctor.issuePrescription(request).prescription
            #expect(prescription?.version == 1)
        }
    }

    @Test func `ALLERGY_CONFLICT until a reason is given, which is kept`() async throws {
        try await withPrescriptions(allergies: ["Latex", "Penicillin V (substance)"]) { hospital in
            await expectRefusal(.failedPrecondition, "ALLERGY_CONFLICT") { _ = try await hospital.issue("Penicillin V 250 MG") }
            #expect(try await hospital.issue("Paracetamol 500 mg").overrideReason == nil)
            let prescription = try await hospital.issue("Penicillin V 250 MG", overrideReason: "Tolerated in 2024")
            #expect(try await hospital.read(prescription.prescriptionID).overrideReason == "Tolerated in 2024")
        }
    }

    @Test(
        arguments: [
            ("Anaphylaxis to penicillin", "Penicillin V 250 MG"), ("Hypersensitive to aspirin", "Aspirin 100 mg"),
            ("Aspirin, penicillin", "Penicillin V 250 MG"), ("Sulpha drugs", "Sulfamethoxazole 800 MG / Trimethoprim 160 MG"),
        ])
    func `an allergy stands against a medication in whatever words it is recorded`(allergy: String, medication: String) async throws {
        try await withPrescriptions(allergies: ["NKDA", allergy]) { hospital in
            await expectRefusal(.failedPrecondition, "ALLERGY_CONFLICT") { _ = try await hospital.issue(medication) }
            let harmless = try await hospital.issue("Loratadine 5 MG Chewable Tablet")
            #expect(harmless.overrideReason == nil)
        }
    }

    @Test func `the refusal names neither the medication nor the allergy`() async throws {
        try await withPrescriptions(allergies: ["Penicillin"]) { hospital in
            let refusal = await refusal { _ = try await hospital.issue("Penicillin V 250 MG") }
            #expect(refusal.map { "\($0) \($0.violations)" }?.contains("enicillin") == false)
        }
    }

    @Test(arguments: [(0, false), (1, true), (365, true), (366, false), (-1, false)] as [(Int32, Bool)])
    func `days are 1 to 365`(days: Int32, isAllowed: Bool) async throws {
        try await withPrescriptions { hospital in
            var request = hospital.request()
            request.days = days
            let refusal = await refusal { _ = try await hospital.doctor.issuePrescription(request) }
            #expect((refusal == nil) == isAllowed)
            #expect(isAllowed || refusal?.violations.map(\.field) == ["days"])
        }
    }

    @Test func `an appointment has several prescriptions, of the same too`() async throws {
        try await withPrescriptions { hospital in
            let first = try await hospital.issue()
            let second = try await hospital.issue()
            #expect(try await hospital.all() == [second, first])
        }
    }

    @Test func `a request sent again under its key makes no second prescription`() async throws {
        try await withPrescriptions { hospital in
            let client = try await hospital.client(.doctor, subject: PrescriptionServiceUnderTest.doctorID, idempotencyKey: "one")
            let first = try await client.issuePrescription(hospital.request())
            #expect(try await client.issuePrescription(hospital.request()) == first)
            #expect(try await hospital.all().count == 1)
            #expect(try await hospital.events().count == 1)
        }
    }

    @Test func `only the appointment's doctor prescribes`() async throws {
        try await withPrescriptions { hospital in
            let colleague = try await hospital.client(.doctor, subject: "doc_01jq0000000000000000000009")
            await expectRefusal(.permissionDenied, "PERMISSION_DENIED") { _ = try await colleague.issuePrescription(hospital.request()) }
            for role in [CallerRole.reception, .billing, .service] {
                let client = try await hospital.client(role)
                await expectRefusal(.permissionDenied, "PERMISSION_DENIED") { _ = try await client.issuePrescription(hospital.request()) }
            }
            let admin = try await hospital.client(.admin)
            #expect(try await admin.issuePrescription(hospital.request()).prescription?.doctorID == PrescriptionServiceUnderTest.doctorID)
        }
    }

    @Test func `an unknown appointment is not found`() async throws {
        try await withPrescriptions { hospital in
            hospital.peers.play { $0.appointments = [:] }
            await expectRefusal(.notFound, "APPOINTMENT_NOT_FOUND") { _ = try await hospital.issue() }
        }
    }

    @Test(arguments: ["appointment", "patient"])
    func `nothing is issued while a service that must be asked does not answer`(service: String) async throws {
        try await withPrescriptions { hospital in
            hospital.peers.play { $0.failures[service] = .unavailable("down") }
            await expectRefusal(.unavailable, "UNAVAILABLE") { _ = try await hospital.issue() }
            #expect(try await hospital.all().isEmpty)
            hospital.peers.play { $0.failures = [:] }
            let prescription = try await hospital.issue()
            #expect(prescription.version == 1)
        }
    }
}
