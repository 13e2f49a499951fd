import Contracts
import ServiceKit

extension PrescriptionServiceUnderTest {
    func history(_ medication: String = "Amoxicillin 500 mg") -> ImportPrescriptionRequest {
        ImportPrescriptionRequest(appointmentID: Self.appointmentID, medication: medication, dosage: "One a day", days: 7)
    }

    func importing(_ request: ImportPrescriptionRequest) async throws -> ImportPrescriptionResponse {
        try await client(.admin).importPrescription(request)
    }

    /// Imports a prescription that the old desk calls something.
    func importing(
        _ request: ImportPrescriptionRequest, as sourceID: String, of source: String = "old-desk",
        _ change: (inout ImportPrescriptionRequest) -> Void = { _ in }
    ) async throws -> ImportPrescriptionResponse {
        var request = request
        request.source = source
        request.sourceID = sourceID
        change(&request)
        return try await importing(request)
    }
}
