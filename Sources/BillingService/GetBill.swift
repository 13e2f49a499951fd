public import Contracts
public import RPC
public import Storage

extension BillingService {
    /// Reads one bill.
    public func getBill(_ request: GetBillRequest, _ context: CallContext, _ reader: Reader) throws -> GetBillResponse {
        GetBillResponse(bill: try reader.bill(request.billID).bill)
    }
}
