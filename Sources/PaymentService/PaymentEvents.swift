import Contracts
import ServiceKit
import Storage

/// What the payment service tells others.
enum PaymentEvent: String, CaseIterable {
    case captured = "payment.captured"
    /// Captured in another system: nobody but billing hears of it.
    case imported = "payment.imported"
    case failed = "payment.failed"
    case refunded = "payment.refunded"

    static func types(_ events: PaymentEvent...) -> Set<String> {
        Set(events.map(\.rawValue))
    }
}

extension PaymentService {
    func event(_ event: PaymentEvent, of stored: StoredPayment, refund: Refund? = nil, correlationID: String) -> OutboxEvent {
        let payment = stored.payment
        let message = PaymentChanged(
            paymentID: payment.paymentID, billID: payment.billID, patientID: payment.patientID, amount: payment.amount,
            currency: payment.currency, failureCode: payment.failureCode ?? "", refundID: refund?.refundID ?? "",
            refundAmount: refund?.amount ?? 0, amountRefunded: payment.amountRefunded, version: payment.version, paidAt: payment.paidAt,
            appointmentID: stored.appointmentID)
        return resources.event(event.rawValue, of: payment.paymentID, message, correlationID: correlationID)
    }
}
