public import Contracts
public import RPC
import ServiceKit

extension DoctorService {
    /// Streams every leave, the oldest first.
    public func exportLeaves(
        _ request: ExportLeavesRequest, _ context: CallContext, _ writer: MessageWriter<ExportLeavesResponse>
    ) async throws {
        try await resources.database.export(StoredRecordPages(of: StoredLeave.self, after: request.after), to: writer) {
            ExportLeavesResponse(leave: $0.leave)
        }
    }
}
