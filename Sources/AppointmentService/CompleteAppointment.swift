import AppointmentRules
public import Contracts
public import RPC

extension AppointmentService {
    /// Notes that the patient was seen. Billing makes the bill of the event that commits with it.
    public func completeAppointment(
        _ request: CompleteAppointmentRequest, _ context: CallContext
    ) async throws -> CompleteAppointmentResponse {
        let change = AppointmentChange(
            appointmentID: request.appointmentID, event: .completed, reason: request.notes.isEmpty ? nil : request.notes,
            rejection: rejectionOfCompletion(of:at:)
        ) { appointment, _, _ in
            appointment.status = .completed
        }
        return try await make(change, context) { CompleteAppointmentResponse(appointment: $0) }
    }
}
