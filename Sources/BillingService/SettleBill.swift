import BillingRules
public import Contracts
public import RPC
import ServiceKit
import Storage

extension BillingService {
    /// Makes a bill PAID by the payment that has reserved it. Repeating it changes nothing, whatever was refunded since.
    public func settleBill(_ request: SettleBillRequest, _ context: CallContext) async throws -> SettleBillResponse {
        try await commit(context, on: database) { [book] transaction in
            let stored = try transaction.bill(request.billID)
            let rejection = rejectionOfSettlement(by: request.paymentID, isImported: request.imported, given: stored.facts)
            if let rejection { throw rejection }
            return SettleBillResponse(
                bill: try book.settle(
                    stored, by: request.paymentID, at: request.paidAt, isImported: request.imported, transaction,
                    correlationID: context.correlationID))
        }
    }
}
