public import Vocabulary

/// The bill that a payment is for, as billing has answered.
public struct PayableBill: Hashable, Sendable {
    public enum State: Hashable, Sendable {
        case open, void
        /// Paid, whatever was refunded since.
        case paid
        /// Imported, and paid: a payment of that system may be the one, where there is none yet.
        case paidElsewhere
    }

    public let state: State
    /// What it asks, in minor units. It is outstanding as long as the bill is open, for bills are paid whole.
    public let amount: Int64

    public init(state: State, amount: Int64) {
        self.state = state
        self.amount = amount
    }
}

/// Payment rule 2. A request refused here stores nothing.
public func rejectionOfPayment(of amount: Int64, for bill: PayableBill) -> Rejection? {
    if bill.state == .void { return Rejection(.billVoid, "The bill is void.") }
    if bill.state == .paid || bill.state == .paidElsewhere { return Rejection(.billPaid, "The bill is paid.") }
    if bill.amount != amount { return Rejection(.amountMismatch, "The amount is not what is owed.", field: "amount") }
    return nil
}

/// Payment rule 2 for a payment of another system, which may belong to a bill that was paid there.
public func rejectionOfImport(of amount: Int64, for bill: PayableBill) -> Rejection? {
    guard bill.state == .paidElsewhere else { return rejectionOfPayment(of: amount, for: bill) }
    return rejectionOfPayment(of: amount, for: PayableBill(state: .open, amount: bill.amount))
}
