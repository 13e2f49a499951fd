import AppointmentRules
public import Contracts
public import RPC

extension AppointmentService {
    /// Cancels an appointment, which frees its slot and its place under the cap. What it costs stands on it.
    public func cancelAppointment(_ request: CancelAppointmentRequest, _ context: CallContext) async throws -> CancelAppointmentResponse {
        let canceller = Canceller(request.initiatedBy, by: context.principal)
        let change = AppointmentChange(
            appointmentID: request.appointmentID, event: .cancelled, reason: request.reason,
            rejection: { [calendar] in rejectionOfCancellation(of: $0, by: canceller, at: $1, calendar) }
        ) { appointment, facts, now in
            appointment.cancel(
                by: canceller, because: request.reason, feePercent: feePercent(ofCancelling: facts.slot, by: canceller, at: now))
        }
        return try await make(change, context) { CancelAppointmentResponse(appointment: $0) }
    }
}

extension Canceller {
    /// The patient unless the clinic is named. What a doctor cancels the clinic cancels, whatever he says: a patient who
    /// calls off does that at the desk, and no doctor decides that he pays.
    fileprivate init(_ initiator: CancelInitiator, by principal: Principal?) {
        if principal?.role == .doctor {
            self = .clinic
            return
        }
        switch initiator {
        case .clinic: self = .clinic
        case .patient, .unspecified, .unrecognized: self = .patient
        }
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
