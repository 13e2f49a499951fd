public import Contracts
public import RPC
import ServiceKit

extension PrescriptionService {
    /// Streams every prescription, the oldest first.
    public func exportPrescriptions(
        _ request: ExportPrescriptionsRequest, _ context: CallContext, _ writer: MessageWriter<ExportPrescriptionsResponse>
    ) async throws {
        try await resources.database.export(StoredRecordPages(of: StoredPrescription.self, after: request.after), to: writer) {
            ExportPrescriptionsResponse(prescription: $0.prescription)
        }
    }
}
