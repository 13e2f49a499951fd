import AppointmentRules
public import Contracts
public import RPC

extension AppointmentService {
    /// Notes that the patient has come. Nobody is told: the patient knows, and the doctor sees it in his list.
    public func checkInAppointment(_ request: CheckInAppointmentRequest, _ context: CallContext) async throws -> CheckInAppointmentResponse
    {
        let change = AppointmentChange(
            appointmentID: request.appointmentID, event: nil, reason: nil, rejection: rejectionOfCheckIn(of:at:)
        ) { appointment, _, _ in
            appointment.status = .checkedIn
        }
        return try await make(change, context) { CheckInAppointmentResponse(appointment: $0) }
    }
}
