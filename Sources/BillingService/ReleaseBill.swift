public import Contracts
public import RPC
import ServiceKit
import Storage

extension BillingService {
    /// Ends the reservation of a payment that has failed; another's stays.
    public func releaseBill(_ request: ReleaseBillRequest, _ context: CallContext) async throws -> ReleaseBillResponse {
        try await commit(context, on: database) { [book] transaction in
            var stored = try transaction.bill(request.billID)
            guard stored.reservedBy == request.paymentID else { return ReleaseBillResponse(bill: stored.bill) }
            stored.reservedBy = nil
            transaction.noteChange(of: "reserved_by")
            return ReleaseBillResponse(bill: try book.write(stored, transaction, correlationID: context.correlationID))
        }
    }
}
