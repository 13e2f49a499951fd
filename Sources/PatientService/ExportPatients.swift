public import Contracts
public import RPC
import ServiceKit

extension PatientService {
    /// Streams every patient, the oldest first.
    public func exportPatients(
        _ request: ExportPatientsRequest, _ context: CallContext, _ writer: MessageWriter<ExportPatientsResponse>
    ) async throws {
        try await resources.database.export(StoredRecordPages(of: StoredPatient.self, after: request.after), to: writer) {
            ExportPatientsResponse(patient: $0.patient)
        }
    }
}
