import Contracts
import PaymentRules
import RPC
import ServiceKit
import Storage
import Vocabulary

extension PaymentService {
    /// Applies what other services tell of, inside the write that claims the event.
    func receive(_ event: Event, _ transaction: Transaction) throws {
        switch EventType(event.eventType) {
        case .bill(.refundDue): try takeUpRefund(event.message(), transaction, event.correlationID)
        case .patient(.forgotten): try transaction.forget(ForgottenPerson(event)) { try $1.eraseRefunds(of: $0) }
        case .patient, .doctor, .appointment, .bill(.created), .bill(.voided), .payment, .prescription, nil:
            throw RPCError.unknownEvent(event)
        }
    }

    /// Begins the refund of what billing does not keep; the next round of the sweep makes it.
    ///
    /// A payment may be PENDING still where its bill is PAID already: the refund waits for its end.
    private func takeUpRefund(_ due: BillRefundDue, _ transaction: Transaction, _ correlationID: String) throws {
        let payment = try transaction.payment(due.paymentID).payment
        guard payment.billID == due.billID, payment.status != .failed else {
            throw RPCError.invalidArgument("The bill was not paid by this payment.")
        }
        let facts = RefundablePayment(payment, refunded: try transaction.sumOfRefunds(of: payment.paymentID))
        guard let amount = refundDue(of: facts, keeping: due.amountKept) else { return }
        let stored = StoredRefund(
            refund: newRefund(of: amount, from: payment, because: due.reason), request: nil, correlationID: correlationID)
        try transaction.insert(stored, sweptAfter: 0)
    }
}
