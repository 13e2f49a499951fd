import AppointmentRules
public import Contracts
public import RPC

extension AppointmentService {
    /// Cancels an appointment, which frees its slot and its place under the cap. What it costs stands on it.
    public func cancelAppointment(_ request: CancelAppointmentRequest, _ context: CallContext) async throws -> CancelAppointmentResponse {
        let canceller: Canceller = request.initiatedBy == .clinic ? .clinic : .patient
        let change = AppointmentChange(
            appointmentID: request.appointmentID, event: .cancelled, reason: request.reason, rejection: rejectionOfCancellation(of:at:)
        ) { appointment, facts, now in
            appointment.cancel(
                by: canceller, because: request.reason, feePercent: feePercent(ofCancelling: facts.slot, by: canceller, at: now))
        }
        return try await make(change, context) { CancelAppointmentResponse(appointment: $0) }
    }
}

extension Appointment {
    mutating func cancel(by canceller: Canceller, because reason: String, feePercent: Int) {
        status = .cancelled
        cancelReason = reason
        cancelledBy = canceller == .clinic ? .clinic : .patient
        self.feePercent = Int32(feePercent)
    }
}
