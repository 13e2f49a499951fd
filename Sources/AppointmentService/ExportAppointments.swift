public import Contracts
public import RPC
import ServiceKit

extension AppointmentService {
    /// Streams every appointment, the oldest first.
    public func exportAppointments(
        _ request: ExportAppointmentsRequest, _ context: CallContext, _ writer: MessageWriter<ExportAppointmentsResponse>
    ) async throws {
        try await resources.database.export(StoredRecordPages(of: StoredAppointment.self, after: request.after), to: writer) {
            ExportAppointmentsResponse(appointment: $0.appointment)
        }
    }
}
