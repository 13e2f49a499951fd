import AppointmentRules
public import Contracts
public import RPC

extension AppointmentService {
    /// Notes that the patient did not come, which costs him the whole fee.
    public func markNoShow(_ request: MarkNoShowRequest, _ context: CallContext) async throws -> MarkNoShowResponse {
        let change = AppointmentChange(
            appointmentID: request.appointmentID, event: .noShow, reason: nil, rejection: rejectionOfNoShow(of:at:)
        ) { appointment, _, _ in
            appointment.status = .noShow
            appointment.feePercent = Int32(FeePercent.noShow)
        }
        return try await make(change, context) { MarkNoShowResponse(appointment: $0) }
    }
}
