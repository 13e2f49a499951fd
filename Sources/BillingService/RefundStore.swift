import Storage
import Vocabulary

/// Money of a bill that was given back.
struct BillRefund: Sendable {
    let billID: String
    /// Empty where it is not known, as of the refunds of before.
    let refundID: String
    /// In minor units.
    let amount: Int64
    let refundedAt: Instant
}

extension Transaction {
    func insert(_ refund: BillRefund) throws {
        try enqueue(
            "INSERT INTO bill_refunds (bill_id, refund_id, amount, refunded_at) VALUES (?, ?, ?, ?)",
            [
                .text(refund.billID), .text(refund.refundID), .integer(refund.amount),
                .integer(refund.refundedAt.millisecondsSinceEpoch),
            ])
    }
}
