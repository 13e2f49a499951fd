public import Contracts
public import RPC
import Storage

extension BillingService {
    /// Reads one bill.
    public func getBill(_ request: GetBillRequest, _ context: CallContext) async throws -> GetBillResponse {
        GetBillResponse(bill: try await database.read { try $0.bill(request.billID).bill })
    }
}
