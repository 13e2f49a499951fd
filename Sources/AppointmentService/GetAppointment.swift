public import Contracts
public import RPC
import ServiceKit
import Storage

extension AppointmentService {
    /// Reads one appointment.
    public func getAppointment(_ request: GetAppointmentRequest, _ context: CallContext) async throws -> GetAppointmentResponse {
        let stored = try await database.read { try $0.appointment(request.appointmentID) }
        try context.requireOwner(doctorID: stored.appointment.doctorID)
        return GetAppointmentResponse(appointment: stored.appointment)
    }

    /// Reads every step of an appointment, the oldest first.
    public func getAppointmentHistory(
        _ request: GetAppointmentHistoryRequest, _ context: CallContext
    ) async throws -> GetAppointmentHistoryResponse {
        let (stored, steps) = try await database.read { reader in
            let stored = try reader.appointment(request.appointmentID)
            return (stored, try reader.steps(of: stored))
        }
        try context.requireOwner(doctorID: stored.appointment.doctorID)
        return GetAppointmentHistoryResponse(steps: steps)
    }
}
