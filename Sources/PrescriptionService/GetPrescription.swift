public import Contracts
public import RPC
import ServiceKit
import Storage

extension PrescriptionService {
    /// Reads one prescription, whatever the status. A doctor reads his own.
    public func getPrescription(_ request: GetPrescriptionRequest, _ context: CallContext) async throws -> GetPrescriptionResponse {
        let prescription = try await database.read { try $0.prescription(request.prescriptionID) }
        try context.requireOwner(doctorID: prescription.doctorID)
        return GetPrescriptionResponse(prescription: prescription)
    }
}
