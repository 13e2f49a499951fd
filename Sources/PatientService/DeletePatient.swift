public import Contracts
import PatientRules
public import RPC
import ServiceKit
import Storage
import Vocabulary

extension PatientService {
    /// Makes a patient INACTIVE, once the appointment and billing services have said that nothing stands against it,
    /// and while he can be neither booked nor billed. One who is INACTIVE already stays so, and nobody is asked.
    public func deletePatient(_ request: DeletePatientRequest, _ context: CallContext) async throws -> DeletePatientResponse {
        let stored = try await database.read { try $0.storedPatient(request.patientID) }
        guard stored.patient.status == .active else { return DeletePatientResponse() }
        let (facts, hold) = try await peers.deletionFacts(of: request.patientID, context)
        if let rejection = rejectionOfDeletion(given: facts) { throw rejection }
        return try await deactivate(request.patientID, within: hold, context)
    }

    private func deactivate(
        _ patientID: String, within hold: BookingHold, _ context: CallContext
    ) async throws -> DeletePatientResponse {
        try await commit(context, on: database) { [self] transaction in
            let stored = try transaction.storedPatient(patientID)
            guard stored.patient.status == .active else { return DeletePatientResponse() }
            try hold.requireTime()
            var patient = stored.patient
            patient.status = .inactive
            patient.version += 1
            try transaction.update(stored, to: patient, in: phoneRegion)
            try transaction.publish(event(.deactivated, of: patient, context))
            return DeletePatientResponse()
        }
    }
}
