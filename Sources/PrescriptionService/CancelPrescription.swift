public import Contracts
public import RPC
import ServiceKit
import Storage

extension PrescriptionService {
    /// Cancels a prescription. One that is cancelled already keeps its first reason.
    public func cancelPrescription(_ request: CancelPrescriptionRequest, _ context: CallContext) async throws -> CancelPrescriptionResponse
    {
        try await commit(context, on: database) { transaction in
            var prescription = try transaction.prescription(request.prescriptionID)
            try context.requireOwner(doctorID: prescription.doctorID)
            guard prescription.status == .active else { return CancelPrescriptionResponse(prescription: prescription) }
            prescription.status = .cancelled
            prescription.cancelReason = request.reason
            prescription.version += 1
            try transaction.updateStatus(of: prescription)
            return CancelPrescriptionResponse(prescription: prescription)
        }
    }
}
