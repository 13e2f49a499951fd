import BillingRules
import Contracts

extension BillStatus {
    init(_ state: BillState) {
        switch state {
        case .open: self = .open
        case .paid: self = .paid
        case .void: self = .void
        case .partiallyRefunded: self = .partiallyRefunded
        case .refunded: self = .refunded
        }
    }

    /// Nil for a status that no stored bill has.
    fileprivate var state: BillState? {
        switch self {
        case .open: .open
        case .paid: .paid
        case .void: .void
        case .partiallyRefunded: .partiallyRefunded
        case .refunded: .refunded
        case .unspecified, .unrecognized: nil
        }
    }
}

extension StoredBill {
    /// What the rules know of it. The schema's checks keep other statuses out, so VOID stands for none that exists.
    var facts: BillFacts {
        BillFacts(state: bill.status.state ?? .void, amount: bill.amount, reservedBy: reservedBy, paidBy: paidBy)
    }
}
