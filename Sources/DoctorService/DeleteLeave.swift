public import Contracts
public import RPC
import ServiceKit
import Vocabulary

extension DoctorService {
    /// Removes a leave. One that was removed before stays so; the leave of another doctor is not found.
    public func deleteLeave(_ request: DeleteLeaveRequest, _ context: CallContext) async throws -> DeleteLeaveResponse {
        let now = resources.clock.now()
        return try await commitChange(context) { transaction in
            let doctor = try transaction.doctor(request.doctorID)
            guard try transaction.removeLeave(request.leaveID, of: doctor.doctorID, at: now) else {
                throw Rejection.notFound(.leave)
            }
            return DeleteLeaveResponse()
        }
    }
}
