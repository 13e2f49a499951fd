public import Contracts
public import RPC
import Storage

extension BillingService {
    /// Ends the reservation of a payment that has failed; another's stays.
    public func releaseBill(_ request: ReleaseBillRequest, _ context: CallContext) async throws -> ReleaseBillResponse {
        try await database.write { [book] transaction in
            var stored = try transaction.bill(request.billID)
            guard stored.reservedBy == request.paymentID else { return ReleaseBillResponse(bill: stored.bill) }
            stored.reservedBy = nil
            return ReleaseBillResponse(bill: try book.write(stored, transaction, correlationID: context.correlationID))
        }
    }
}
