public import Contracts
public import RPC
import ServiceKit
public import Storage

extension PrescriptionService {
    /// Reads one prescription, whatever the status. A doctor reads his own.
    public func getPrescription(
        _ request: GetPrescriptionRequest, _ context: CallContext, _ reader: Reader
    ) throws -> GetPrescriptionResponse {
        let prescription = try reader.prescription(request.prescriptionID)
        try context.requireOwner(doctorID: prescription.doctorID)
        return GetPrescriptionResponse(prescription: prescription)
    }
}
