import BillingRules
public import Contracts
public import RPC
import ServiceKit
import Storage

extension BillingService {
    /// Reserves an OPEN bill for one payment, until that is settled or released. What a payment holds already it keeps.
    public func reserveBill(_ request: ReserveBillRequest, _ context: CallContext) async throws -> ReserveBillResponse {
        try await commit(context, on: database) { [book] transaction in
            var stored = try transaction.bill(request.billID)
            let rejection = rejectionOfReservation(
                by: request.paymentID, of: request.amount, isImported: request.imported, given: stored.facts)
            if let rejection { throw rejection }
            guard stored.bill.status == .open, stored.reservedBy == nil else { return ReserveBillResponse(bill: stored.bill) }
            stored.reservedBy = request.paymentID
            transaction.noteChange(of: "reserved_by")
            try transaction.scheduleSweep(of: request.billID, in: reservationPatience)
            return ReserveBillResponse(bill: try book.write(stored, transaction, correlationID: context.correlationID))
        }
    }
}
