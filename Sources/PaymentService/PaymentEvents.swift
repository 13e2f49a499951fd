import Contracts
import ServiceKit
import Storage

/// What the payment service tells others.
enum PaymentEvent: String, CaseIterable {
    case captured = "payment.captured"
    case failed = "payment.failed"
    case refunded = "payment.refunded"
}

extension PaymentService {
    func event(_ event: PaymentEvent, of payment: Payment, refund: Refund? = nil, correlationID: String) -> OutboxEvent {
        let message = PaymentChanged(
            paymentID: payment.paymentID, billID: payment.billID, patientID: payment.patientID, amount: payment.amount,
            currency: payment.currency, failureCode: payment.failureCode ?? "", refundID: refund?.refundID ?? "",
            refundAmount: refund?.amount ?? 0, amountRefunded: payment.amountRefunded, version: payment.version, paidAt: payment.paidAt)
        return resources.event(event.rawValue, of: payment.paymentID, message, correlationID: correlationID)
    }
}
