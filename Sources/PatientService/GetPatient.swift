public import Contracts
public import RPC
import Storage

extension PatientService {
    /// Reads one patient, whatever the status.
    public func getPatient(_ request: GetPatientRequest, _ context: CallContext) async throws -> GetPatientResponse {
        let stored = try await database.read { try $0.storedPatient(request.patientID) }
        return GetPatientResponse(patient: stored.patient)
    }
}
