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

/// Where a refund stands: PENDING → REFUNDED | FAILED.
public enum RefundState: Hashable, Sendable, CaseIterable {
    case pending, refunded, failed

    /// Where it stands once the provider has answered. Silence says nothing: it is asked again.
    public func after(_ outcome: RefundOutcome) -> RefundState {
        switch (self, outcome) {
        case (.pending, .refunded): .refunded
        case (.pending, .refused): .failed
        case (.pending, .unknown), (.refunded, _), (.failed, _): self
        }
    }
}

/// What is to be done next for a refund.
public enum RefundStep: Hashable, Sendable {
    /// It was asked for while the payment was PENDING still, whose end comes first.
    case waitForPayment
    case giveBack
    /// It has ended.
    case nothing
}

/// A refund is given from a captured payment; the provider knows it by its id, so that asking again gives nothing back again.
public func nextStep(of refund: RefundState, isPaymentCaptured: Bool) -> RefundStep {
    switch refund {
    case .pending: isPaymentCaptured ? .giveBack : .waitForPayment
    case .refunded, .failed: .nothing
    }
}
