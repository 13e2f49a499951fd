public import Vocabulary

/// An appointment that ended without its consultation: cancelled, or nobody came.
public struct Closing: Hashable, Sendable {
    /// The appointment's, in minor units.
    public let consultationFee: Int64
    /// How much of the fee the clinic keeps: 0, 50 or 100.
    public let percentKept: Int
    /// Whether the payment service was asked to give the rest back.
    public let isRefundAsked: Bool

    public init(consultationFee: Int64, percentKept: Int, isRefundAsked: Bool = false) {
        self.consultationFee = consultationFee
        self.percentKept = percentKept
        self.isRefundAsked = isRefundAsked
    }

    /// What is kept of the fee, taxed like every bill; nil where that is nothing.
    ///
    /// The fee bill asks this, and this is what a prepaid patient does not get back: both cost the patient the same.
    public var kept: TaxedAmount? {
        TaxedAmount(subtotal: consultationFee.percent(percentKept))
    }
}

/// What billing does about a closing.
public enum ClosingStep: Hashable, Sendable {
    /// All is as it must be.
    case nothing
    /// A payment is under way: its end decides.
    case waitForPayment
    case makeFeeBill(TaxedAmount)
    /// The consultation bill becomes VOID; then a fee bill takes its place where something is kept.
    case voidConsultation
    /// The payment is refunded but for this amount.
    case refund(keeping: Int64)
}

/// Cancelling, and who pays: what is to be done for a closing, given the bills of its appointment.
///
/// It is asked again whenever one of them changes, and comes to rest: after each step the next answer is `nothing`.
public func nextStep(of closing: Closing, consultation: BillFacts?, hasFeeBill: Bool) -> ClosingStep {
    guard let consultation, consultation.state != .void else { return feeStep(of: closing, hasFeeBill: hasFeeBill) }
    guard consultation.state == .open else { return refundStep(of: closing, paid: consultation.amount) }
    return consultation.reservedBy == nil ? .voidConsultation : .waitForPayment
}

private func feeStep(of closing: Closing, hasFeeBill: Bool) -> ClosingStep {
    guard !hasFeeBill, let kept = closing.kept else { return .nothing }
    return .makeFeeBill(kept)
}

private func refundStep(of closing: Closing, paid: Int64) -> ClosingStep {
    let kept = closing.kept?.amount ?? 0
    return closing.isRefundAsked || kept >= paid ? .nothing : .refund(keeping: kept)
}
