public import Contracts
public import RPC
import ServiceKit
public import Storage

extension AppointmentService {
    /// Reads one appointment.
    public func getAppointment(
        _ request: GetAppointmentRequest, _ context: CallContext, _ reader: Reader
    ) throws -> GetAppointmentResponse {
        let stored = try reader.appointment(request.appointmentID)
        try context.requireOwner(doctorID: stored.appointment.doctorID)
        return GetAppointmentResponse(appointment: stored.appointment)
    }

    /// Reads every step of an appointment, the oldest first. Notes of a visit are shown to its doctor and to admins only;
    /// an imported one has none.
    public func getAppointmentHistory(
        _ request: GetAppointmentHistoryRequest, _ context: CallContext
    ) async throws -> GetAppointmentHistoryResponse {
        let (stored, steps) = try await database.read { reader in
            let stored = try reader.appointment(request.appointmentID)
            return (stored, try reader.steps(of: stored))
        }
        try context.requireOwner(doctorID: stored.appointment.doctorID)
        return GetAppointmentHistoryResponse(
            steps: context.mayReadNotes || stored.appointment.imported ? steps : steps.map(\.withoutNotes))
    }
}

extension CallContext {
    /// Whether the caller is the appointment's doctor, as whom he was let in, or an admin.
    fileprivate var mayReadNotes: Bool { principal?.role == .doctor || principal?.role == .admin }
}

extension AppointmentStep {
    /// Other steps have a reason that people at the desk have written or need: why it was cancelled.
    fileprivate var withoutNotes: AppointmentStep {
        guard status == .completed else { return self }
        var step = self
        step.reason = nil
        return step
    }
}
