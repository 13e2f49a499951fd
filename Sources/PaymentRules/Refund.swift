public import Vocabulary

/// What the rules know of a payment that is to be refunded.
public struct RefundablePayment: Hashable, Sendable {
    public let isCaptured: Bool
    /// In minor units.
    public let amount: Int64
    /// The sum of its refunds, those under way included.
    public let refunded: Int64

    public init(isCaptured: Bool, amount: Int64, refunded: Int64) {
        self.isCaptured = isCaptured
        self.amount = amount
        self.refunded = refunded
    }
}

/// Payment rule 5: Σ refunds ≤ captured.
public func rejectionOfRefund(of amount: Int64, from payment: RefundablePayment) -> Rejection? {
    if !payment.isCaptured { return Rejection(.invalidState, "The payment is not captured.") }
    if amount > payment.amount - payment.refunded {
        return Rejection(.refundTooLarge, "The refunds would exceed what was paid.", field: "amount")
    }
    return nil
}

/// What is still to be given back of a payment of which so much is kept; nil where that is nothing.
///
/// Refunds that staff have made before count, so nothing is given back twice.
public func refundDue(of payment: RefundablePayment, keeping kept: Int64) -> Int64? {
    let due = payment.amount - payment.refunded - kept
    return due > 0 ? due : nil
}
