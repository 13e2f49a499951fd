import Contracts
import ServiceKit
import Storage
import Vocabulary

extension PaymentService {
    func event(_ event: PaymentEvent, of stored: StoredPayment, refund: Refund? = nil, correlationID: String) -> OutboxEvent {
        let payment = stored.payment
        let message = PaymentChanged(
            paymentID: payment.paymentID, billID: payment.billID, patientID: payment.patientID, amount: payment.amount,
            currency: payment.currency, failureCode: payment.failureCode ?? "", refundID: refund?.refundID ?? "",
            refundAmount: refund?.amount ?? 0, amountRefunded: payment.amountRefunded, version: payment.version, paidAt: payment.paidAt,
            appointmentID: stored.appointmentID)
        return resources.event(event, of: payment.paymentID, message, correlationID: correlationID)
    }
}
