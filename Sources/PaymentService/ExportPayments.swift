public import Contracts
public import RPC
import ServiceKit

extension PaymentService {
    /// Streams every payment, the oldest first.
    public func exportPayments(
        _ request: ExportPaymentsRequest, _ context: CallContext, _ writer: MessageWriter<ExportPaymentsResponse>
    ) async throws {
        try await resources.database.export(StoredRecordPages(of: StoredPayment.self, after: request.after), to: writer) {
            ExportPaymentsResponse(payment: $0.payment)
        }
    }
}
