import Contracts
public import RPC
import Storage

/// What is mostly read where it is asked for, without a task.
extension PatientService {
    public func answerAtOnce(_ call: ServerCall) throws -> ServerReply? {
        guard call.context.method == PatientServiceMethods.getPatient else { return nil }
        return try call.answerAtOnce(patientAtOnce)
    }

    private func patientAtOnce(_ request: GetPatientRequest, _ context: CallContext) throws -> GetPatientResponse? {
        try database.readAtOnce { try GetPatientResponse(patient: $0.storedPatient(request.patientID).patient) }
    }
}
