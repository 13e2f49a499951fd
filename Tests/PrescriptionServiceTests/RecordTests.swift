import Contracts
import HMSTestKit
import RPC
import ServiceKit
import Testing

/// GET /v1/prescriptions/{prescription_id}, GET /v1/prescriptions, POST /v1/prescriptions/{prescription_id}/cancel
@Suite(.timeLimit(.minutes(10))) struct RecordTests {
    @Test func `a doctor reads his own prescriptions and reception every one`() async throws {
        try await withPrescriptions { hospital in
            let prescription = try await hospital.issue()
            let request = GetPrescriptionRequest(prescriptionID: prescription.prescriptionID)
            #expect(try await hospital.client(.reception).getPrescription(request).prescription == prescription)
            let colleague = try await hospital.client(.doctor, subject: "doc_01jq0000000000000000000009")
            await expectRefusal(.permissionDenied, "PERMISSION_DENIED") { _ = try await colleague.getPrescription(request) }
            let billing = try await hospital.client(.billing)
            await expectRefusal(.permissionDenied, "PERMISSION_DENIED") { _ = try await billing.getPrescription(request) }
        }
    }

    @Test func `a doctor lists his own prescriptions, named or not`() async throws {
        try await withPrescriptions { hospital in
            let prescription = try await hospital.issue()
            let own = ListPrescriptionsRequest(doctorID: PrescriptionServiceUnderTest.doctorID)
            #expect(try await hospital.doctor.listPrescriptions(own).prescriptions == [prescription])
            #expect(try await hospital.doctor.listPrescriptions(ListPrescriptionsRequest()).prescriptions == [prescription])
            let colleague = try await hospital.client(.doctor, subject: "doc_01jq0000000000000000000009")
            #expect(try await colleague.listPrescriptions(ListPrescriptionsRequest()).prescriptions.isEmpty)
            await expectRefusal(.permissionDenied, "PERMISSION_DENIED") {
                _ = try await hospital.doctor.listPrescriptions(ListPrescriptionsRequest(doctorID: "doc_01jq0000000000000000000009"))
            }
        }
    }

    @Test(
        arguments: [
            (ListPrescriptionsRequest(patientID: PrescriptionServiceUnderTest.patientID), 2),
            (ListPrescriptionsRequest(patientID: "pat_01jq0000000000000000000009"), 0),
            (ListPrescriptionsRequest(doctorID: PrescriptionServiceUnderTest.doctorID), 2),
            (ListPrescriptionsRequest(appointmentID: PrescriptionServiceUnderTest.appointmentID), 2),
            (ListPrescriptionsRequest(appointmentID: "apt_01jq0000000000000000000009"), 0),
            (
                ListPrescriptionsRequest(
                    patientID: PrescriptionServiceUnderTest.patientID, doctorID: PrescriptionServiceUnderTest.doctorID,
                    appointmentID: PrescriptionServiceUnderTest.appointmentID), 2
            ),
        ])
    func `every condition of a list must be met`(request: ListPrescriptionsRequest, count: Int) async throws {
        try await withPrescriptions { hospital in
            for _ in 0..<2 { _ = try await hospital.issue() }
            #expect(try await hospital.client(.reception).listPrescriptions(request).prescriptions.count == count)
        }
    }

    @Test func `pages hold every prescription once, newest first`() async throws {
        try await withPrescriptions { hospital in
            for index in 0..<7 { _ = try await hospital.issue("Medication \(index)") }
            let reception = try await hospital.client(.reception)
            var request = ListPrescriptionsRequest(patientID: PrescriptionServiceUnderTest.patientID, pageSize: 3)
            var pages: [[String]] = []
            repeat {
                let page = try await reception.listPrescriptions(request)
                pages.append(page.prescriptions.map(\.medication))
                request.pageToken = page.nextPageToken
            } while !request.pageToken.isEmpty
            #expect(pages.map(\.count) == [3, 3, 1])
            #expect(pages.flatMap { $0 } == (0..<7).reversed().map { "Medication \($0)" })
        }
    }

    @Test func `a prescription is cancelled with a reason, and cancelling it again changes nothing`() async throws {
        try await withPrescriptions { hospital in
            let prescription = try await hospital.issue()
            let cancelled = try await hospital.cancel(prescription, because: "Wrong strength")
            #expect(cancelled.status == .cancelled && cancelled.cancelReason == "Wrong strength" && cancelled.version == 2)
            #expect(try await hospital.cancel(prescription, because: "Another reason") == cancelled)
            #expect(try await hospital.read(prescription.prescriptionID) == cancelled)
        }
    }

    @Test func `cancelling wants a reason`() async throws {
        try await withPrescriptions { hospital in
            let prescription = try await hospital.issue()
            await expectRefusal(.invalidArgument, "INVALID_ARGUMENT") { _ = try await hospital.cancel(prescription, because: "") }
        }
    }

    @Test func `only the doctor cancels, and only his own`() async throws {
        try await withPrescriptions { hospital in
            let prescription = try await hospital.issue()
            let request = CancelPrescriptionRequest(prescriptionID: prescription.prescriptionID, reason: "Wrong strength")
            let colleague = try await hospital.client(.doctor, subject: "doc_01jq0000000000000000000009")
            await expectRefusal(.permissionDenied, "PERMISSION_DENIED") { _ = try await colleague.cancelPrescription(request) }
            let reception = try await hospital.client(.reception)
            await expectRefusal(.permissionDenied, "PERMISSION_DENIED") { _ = try await reception.cancelPrescription(request) }
            #expect(try await hospital.read(prescription.prescriptionID) == prescription)
        }
    }

    @Test func `of 32 cancellations at the same time one counts`() async throws {
        try await withPrescriptions { hospital in
            let prescription = try await hospital.issue()
            let reasons = await outcomes(of: 32) { _ = try await hospital.cancel(prescription, because: "Reason \($0)") }
            #expect(reasons == ["OK": 32])
            #expect(try await hospital.read(prescription.prescriptionID).version == 2)
        }
    }

    @Test func `a prescription that does not exist is not found`() async throws {
        try await withPrescriptions { hospital in
            let nothing = Prescription(prescriptionID: "rx_01jq0000000000000000000000")
            await expectRefusal(.notFound, "PRESCRIPTION_NOT_FOUND") { _ = try await hospital.read(nothing.prescriptionID) }
            await expectRefusal(.notFound, "PRESCRIPTION_NOT_FOUND") { _ = try await hospital.cancel(nothing, because: "None") }
        }
    }
}

extension PrescriptionServiceUnderTest {
    fileprivate func cancel(_ prescription: Prescription, because reason: String) async throws -> Prescription {
        let request = CancelPrescriptionRequest(prescriptionID: prescription.prescriptionID, reason: reason)
        return try #require(try await doctor.cancelPrescription(request).prescription)
    }
}
