public import Contracts
public import RPC
import ServiceKit

extension PaymentService {
    /// Streams every refund, the oldest first.
    public func exportRefunds(
        _ request: ExportRefundsRequest, _ context: CallContext, _ writer: MessageWriter<ExportRefundsResponse>
    ) async throws {
        try await resources.database.export(StoredRecordPages(of: StoredRefund.self, after: request.after), to: writer) {
            ExportRefundsResponse(refund: $0.refund)
        }
    }
}
