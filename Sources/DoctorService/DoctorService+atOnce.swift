import Contracts
public import RPC
import Storage

/// What is mostly read where it is asked for, without a task.
extension DoctorService {
    public func answerAtOnce(_ call: ServerCall) throws -> ServerReply? {
        guard call.context.method == DoctorServiceMethods.getDoctor else { return nil }
        return try call.answerAtOnce(doctorAtOnce)
    }

    private func doctorAtOnce(_ request: GetDoctorRequest, _ context: CallContext) throws -> GetDoctorResponse? {
        try database.readAtOnce { try GetDoctorResponse(doctor: $0.doctor(request.doctorID)) }
    }
}
