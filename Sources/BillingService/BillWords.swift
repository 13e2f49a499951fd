import BillingRules
import Contracts

extension BillKind {
    private static let words: [(kind: BillKind, word: String)] = [
        (.consultation, "CONSULTATION"), (.cancellationFee, "CANCELLATION_FEE"), (.noShowFee, "NO_SHOW_FEE"), (.other, "OTHER"),
    ]

    /// The word of the table and of events. No bill is made of a kind that has none.
    var stored: String { Self.words.first { $0.kind == self }?.word ?? "" }

    init(stored: String) {
        self = Self.words.first { $0.word == stored }?.kind ?? .unspecified
    }
}

extension BillStatus {
    private static let words: [(status: BillStatus, word: String)] = [
        (.open, "OPEN"), (.paid, "PAID"), (.void, "VOID"), (.partiallyRefunded, "PARTIALLY_REFUNDED"), (.refunded, "REFUNDED"),
    ]

    var stored: String { Self.words.first { $0.status == self }?.word ?? "" }

    init(stored: String) {
        self = Self.words.first { $0.word == stored }?.status ?? .unspecified
    }

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
