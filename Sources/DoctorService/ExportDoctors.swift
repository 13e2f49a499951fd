public import Contracts
public import RPC
import ServiceKit

extension DoctorService {
    /// Streams every doctor, the oldest first.
    public func exportDoctors(
        _ request: ExportDoctorsRequest, _ context: CallContext, _ writer: MessageWriter<ExportDoctorsResponse>
    ) async throws {
        try await resources.database.export(StoredRecordPages(of: StoredDoctor.self, after: request.after), to: writer) {
            ExportDoctorsResponse(doctor: $0.doctor)
        }
    }
}
