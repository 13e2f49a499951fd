public import Contracts
public import RPC
public import Storage

extension PatientService {
    /// Reads one patient, whatever the status.
    public func getPatient(_ request: GetPatientRequest, _ context: CallContext, _ reader: Reader) throws -> GetPatientResponse {
        GetPatientResponse(patient: try reader.storedPatient(request.patientID).patient)
    }
}
