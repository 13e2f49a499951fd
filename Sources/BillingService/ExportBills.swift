public import Contracts
public import RPC
import ServiceKit

extension BillingService {
    /// Streams every bill, the oldest first.
    public func exportBills(
        _ request: ExportBillsRequest, _ context: CallContext, _ writer: MessageWriter<ExportBillsResponse>
    ) async throws {
        try await resources.database.export(StoredRecordPages(of: StoredBill.self, after: request.after), to: writer) {
            ExportBillsResponse(bill: $0.bill)
        }
    }
}
