/// What billing does about the fee bill of a no-show that was none.
public enum TakenBackStep: Hashable, Sendable {
    /// All is as it must be.
    case nothing
    /// A payment is under way: its end decides.
    case waitForPayment
    case void
    /// The payment is refunded, whole.
    case refund
}

/// Taking back: nobody owes what an appointment's end has cost that was none. An OPEN bill becomes VOID, a paid one is
/// refunded.
///
/// It is asked again whenever the bill changes, and comes to rest: after each step the next answer is `nothing`.
///
/// - Parameter isRefundAsked: whether the payment service was asked to give it back.
public func nextStep(ofTakenBack fee: BillFacts, isRefundAsked: Bool) -> TakenBackStep {
    switch fee.state {
    case .open: fee.reservedBy == nil ? .void : .waitForPayment
    case .paid, .partiallyRefunded: isRefundAsked ? .nothing : .refund
    case .void, .refunded: .nothing
    }
}
