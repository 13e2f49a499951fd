import PaymentRules
import ServiceKit
import Storage

extension Transaction {
    /// Enters what became of a charge, where the ledger does not say yet, and answers what it says.
    func enter(_ charge: Charge, _ outcome: ChargeOutcome) throws -> ChargeOutcome {
        try enqueue(
            "INSERT INTO sandbox_charges (payment_id, amount, outcome) VALUES (?, ?, ?) ON CONFLICT (payment_id) DO NOTHING",
            [.text(charge.paymentID), .integer(charge.amount), .word(outcome)])
        return try row("SELECT outcome FROM sandbox_charges WHERE payment_id = ?", [.text(charge.paymentID)]) { try $0.word(0) } ?? .unknown
    }

    func enter(_ refund: ChargeRefund) throws {
        try enqueue(
            "INSERT INTO sandbox_refunds (refund_id, payment_id, amount) VALUES (?, ?, ?) ON CONFLICT (refund_id) DO NOTHING",
            [.text(refund.refundID), .text(refund.charge.paymentID), .integer(refund.amount)])
    }
}
