import Contracts
import FieldChecks
import HMSTestKit
import RPC
import ServiceKit
import Testing
import Vocabulary

/// POST /v1/imports/prescriptions
@Suite(.timeLimit(.minutes(10))) struct ImportTests {
    @Test func `an imported prescription is issued when the appointment was, and nobody is told`() async throws {
        try await withPrescriptions(.completed) { hospital in
            let answer = try await hospital.importing(hospital.history())
            let prescription = try #require(answer.prescription)
            #expect(!answer.alreadyThere && prescription.imported)
            #expect(prescription.issuedAt == ProtobufTimestamp(PrescriptionServiceUnderTest.slotStart))
            #expect(prescription.createdAt == ProtobufTimestamp(hospital.hospital.clock.now))
            #expect(try await hospital.read(prescription.prescriptionID) == prescription)
            #expect(try await hospital.events().isEmpty)
        }
    }

    @Test func `importing it again changes nothing, not even after it was cancelled`() async throws {
        try await withPrescriptions(.completed) { hospital in
            let prescription = try #require(try await hospital.importing(hospital.history()).prescription)
            let again = try await hospital.importing(hospital.history())
            #expect(again == ImportPrescriptionResponse(prescription: prescription, alreadyThere: true))
            let request = CancelPrescriptionRequest(prescriptionID: prescription.prescriptionID, reason: "Entered in error")
            let cancelled = try await hospital.doctor.cancelPrescription(request).prescription
            #expect(try await hospital.importing(hospital.history()).prescription == cancelled)
            #expect(try await hospital.all().count == 1)
        }
    }

    @Test func `under a key it is answered as the first time`() async throws {
        try await withPrescriptions(.completed) { hospital in
            let client = try await hospital.client(.admin, idempotencyKey: "k-1")
            let first = try await client.importPrescription(hospital.history())
            #expect(!first.alreadyThere)
            #expect(try await client.importPrescription(hospital.history()) == first)
            var other = hospital.history()
            other.days += 1
            await expectRefusal(.outOfRange, "IDEMPOTENCY_KEY_REUSED") { _ = try await client.importPrescription(other) }
            #expect(try await hospital.all().count == 1)
        }
    }

    @Test func `of 16 imports of the same at the same time one is made`() async throws {
        try await withPrescriptions(.completed) { hospital in
            let client = try await hospital.client(.admin)
            let reasons = await outcomes(of: 16) { _ in _ = try await client.importPrescription(hospital.history()) }
            #expect(reasons == ["OK": 16])
            #expect(try await hospital.all().count == 1)
        }
    }

    @Test func `what differs is another prescription`() async throws {
        try await withPrescriptions(.completed) { hospital in
            for days: Int32 in [7, 8] {
                var request = hospital.history()
                request.days = days
                let answer = try await hospital.importing(request)
                #expect(!answer.alreadyThere)
            }
            #expect(try await hospital.all().count == 2)
        }
    }

    @Test(arguments: [(-1, true), (0, true), (1, false)])
    func `it was issued in the past`(milliseconds: Int, isAllowed: Bool) async throws {
        try await withPrescriptions(.completed) { hospital in
            var request = hospital.history()
            let issuedAt = ProtobufTimestamp(hospital.hospital.clock.now + .milliseconds(milliseconds))
            request.issuedAt = issuedAt
            let refusal = await refusal {
                let prescription = try await hospital.importing(request).prescription
                #expect(prescription?.issuedAt == issuedAt)
            }
            #expect((refusal == nil) == isAllowed)
            #expect(isAllowed || refusal?.violations.map(\.field) == ["issued_at"])
        }
    }

    @Test func `every broken rule is named, under the code of the first`() async throws {
        try await withPrescriptions(.scheduled, allergies: ["Penicillin"]) { hospital in
            var request = hospital.history("Penicillin V")
            request.patientID = "pat_01jq0000000000000000000009"
            request.doctorID = "doc_01jq0000000000000000000009"
            let broken = await refusal { _ = try await hospital.importing(request) }
            #expect(broken?.reason == "APPOINTMENT_NOT_ELIGIBLE")
            #expect(broken?.violations.map(\.field) == ["appointment_id", "patient_id", "doctor_id", "medication"])
            request.issuedAt = ProtobufTimestamp(hospital.hospital.clock.now + .seconds(1))
            let future = await refusal { _ = try await hospital.importing(request) }
            #expect(future?.reason == "INVALID_ARGUMENT")
            #expect(future?.violations.map(\.field) == ["issued_at", "appointment_id", "patient_id", "doctor_id", "medication"])
            let all = try await hospital.all()
            #expect(all.isEmpty)
        }
    }

    @Test func `an allergy is overridden by a reason`() async throws {
        try await withPrescriptions(.completed, allergies: ["Penicillin"]) { hospital in
            var request = hospital.history("Penicillin V")
            request.overrideReason = "From the old system"
            let prescription = try await hospital.importing(request).prescription
            #expect(prescription?.overrideReason == "From the old system")
        }
    }

    @Test func `nobody but an administrator imports`() async throws {
        try await withPrescriptions(.completed) { hospital in
            for role in [CallerRole.reception, .billing, .service] {
                let client = try await hospital.client(role)
                await expectRefusal(.permissionDenied, "PERMISSION_DENIED") { _ = try await client.importPrescription(hospital.history()) }
            }
            await expectRefusal(.permissionDenied, "PERMISSION_DENIED") {
                _ = try await hospital.doctor.importPrescription(hospital.history())
            }
        }
    }
}
