import BillingRules
public import Contracts
public import RPC
import ServiceKit

extension BillingService {
    /// Makes an OPEN bill VOID. One that is VOID already stays as it is, with its first reason.
    public func voidBill(_ request: VoidBillRequest, _ context: CallContext) async throws -> VoidBillResponse {
        try await commit(context, on: database) { [book] transaction in
            let stored = try transaction.bill(request.billID)
            switch decisionOnVoid(of: stored.facts) {
            case .refused(let rejection): throw rejection
            case .staysVoid: return VoidBillResponse(bill: stored.bill)
            case .becomesVoid:
                let bill = try book.void(stored, because: request.reason, transaction, correlationID: context.correlationID)
                return VoidBillResponse(bill: bill)
            }
        }
    }
}
