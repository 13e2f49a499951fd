/// Where a bill stands (billing rule 6): OPEN → PAID, OPEN → VOID, PAID → PARTIALLY_REFUNDED → REFUNDED.
public enum BillState: Hashable, Sendable, CaseIterable {
    case open, paid, void, partiallyRefunded, refunded
}

/// What the rules know of a bill.
public struct BillFacts: Hashable, Sendable {
    public let state: BillState
    /// What it asks, tax included, in minor units.
    public let amount: Int64
    /// The payment that is under way; only an OPEN bill has one.
    public let reservedBy: String?
    /// The payment that has paid it.
    public let paidBy: String?

    public init(state: BillState, amount: Int64, reservedBy: String? = nil, paidBy: String? = nil) {
        self.state = state
        self.amount = amount
        self.reservedBy = reservedBy
        self.paidBy = paidBy
    }

    /// Whether it was paid in another system, and nobody has said yet by which payment.
    public var lacksPayment: Bool { state == .paid && paidBy == nil }
}
