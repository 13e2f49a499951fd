public import Vocabulary

/// What becomes of a bill that somebody wants void.
public enum VoidDecision: Hashable, Sendable {
    case becomesVoid
    /// It is void already: the answer is the bill, unchanged.
    case staysVoid
    case refused(Rejection)
}

/// Billing rule 6: only an OPEN bill that nobody is paying becomes VOID.
public func decisionOnVoid(of bill: BillFacts) -> VoidDecision {
    switch bill.state {
    case .void: .staysVoid
    case .paid, .partiallyRefunded, .refunded: .refused(Rejection(.billPaid, "The bill is paid."))
    case .open where bill.reservedBy != nil: .refused(Rejection(.paymentInProgress, "A payment of the bill is under way."))
    case .open: .becomesVoid
    }
}
