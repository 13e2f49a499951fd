import Contracts
import ServiceKit
import Storage
import Vocabulary

extension BillBook {
    func event(_ event: BillEvent, of bill: Bill, correlationID: String) throws -> OutboxEvent {
        let message = BillChanged(
            billID: bill.billID, appointmentID: bill.appointmentID, patientID: bill.patientID, kind: try bill.kind.storedWord,
            amount: bill.amount, currency: bill.currency, version: bill.version)
        return resources.event(event, of: bill.billID, message, correlationID: correlationID)
    }

    func refundDue(
        _ stored: StoredBill, keeping kept: Int64, because reason: String, correlationID: String
    ) -> OutboxEvent {
        let message = BillRefundDue(
            billID: stored.bill.billID, paymentID: stored.paidBy ?? "", amountKept: kept, reason: reason)
        return resources.event(BillEvent.refundDue, of: stored.bill.billID, message, correlationID: correlationID)
    }
}
