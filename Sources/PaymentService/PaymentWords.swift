import Contracts
import PaymentRules
import Vocabulary

extension PaymentMethod {
    private static let words: [(method: PaymentMethod, word: String)] = [
        (.cash, "CASH"), (.card, "CARD"), (.upi, "UPI"), (.insurance, "INSURANCE"),
    ]

    /// The word of the table; nil where the contract knows no such method.
    var stored: String? { Self.words.first { $0.method == self }?.word }

    init(stored: String) {
        self = Self.words.first { $0.word == stored }?.method ?? .unspecified
    }
}

extension PaymentStatus {
    private static let words: [(status: PaymentStatus, word: String)] = [
        (.pending, "PENDING"), (.captured, "CAPTURED"), (.failed, "FAILED"),
    ]

    /// The word of the table. No payment is stored with a status that has none.
    var stored: String { Self.words.first { $0.status == self }?.word ?? "" }

    init(stored: String) {
        self = Self.words.first { $0.word == stored }?.status ?? .unspecified
    }
}

extension RefundStatus {
    private static let words: [(status: RefundStatus, word: String)] = [
        (.pending, "PENDING"), (.refunded, "REFUNDED"), (.failed, "FAILED"),
    ]

    /// The word of the table. No refund is stored with a status that has none.
    var stored: String { Self.words.first { $0.status == self }?.word ?? "" }

    init(stored: String) {
        self = Self.words.first { $0.word == stored }?.status ?? .unspecified
    }
}

extension RefundState {
    /// The schema's checks keep other statuses out, so PENDING, which asks again, stands for none that exists.
    init(_ status: RefundStatus) {
        switch status {
        case .refunded: self = .refunded
        case .failed: self = .failed
        case .pending, .unspecified, .unrecognized: self = .pending
        }
    }
}

extension ChargeOutcome {
    private static let words: [(outcome: ChargeOutcome, word: String)] = [
        (.captured, "CAPTURED"), (.declined, "DECLINED"), (.notCharged, "NOT_CHARGED"), (.unknown, "UNKNOWN"),
    ]

    /// The word of the table, and of the sandbox's ledger, which enters no unknown one.
    var stored: String { Self.words.first { $0.outcome == self }?.word ?? "" }

    init(stored: String) {
        self = Self.words.first { $0.word == stored }?.outcome ?? .unknown
    }
}

extension RefundOutcome {
    private static let words: [(outcome: RefundOutcome, word: String)] = [
        (.refunded, "REFUNDED"), (.refused, "REFUSED"), (.unknown, "UNKNOWN"),
    ]

    var stored: String { Self.words.first { $0.outcome == self }?.word ?? "" }

    init(stored: String) {
        self = Self.words.first { $0.word == stored }?.outcome ?? .unknown
    }
}

extension BillAnswer {
    var stored: String {
        switch self {
        case .reserved: "RESERVED"
        case .settled: "SETTLED"
        case .released: "RELEASED"
        case .refused: "REFUSED"
        }
    }

    /// Why the bill was refused.
    var refusal: RejectionCode? {
        if case .refused(let code) = self { code } else { nil }
    }

    /// Nil where nothing, or nothing whole, is stored: then billing is asked again, which is harmless.
    ///
    /// - Parameter paidAt: in milliseconds since 1970.
    init?(stored word: String?, refusal: String?, paidAt: Int64?) {
        switch word {
        case "RESERVED": self = .reserved
        case "RELEASED": self = .released
        case "SETTLED":
            guard let paidAt else { return nil }
            self = .settled(at: Instant(millisecondsSinceEpoch: paidAt))
        case "REFUSED":
            guard let code = refusal.flatMap(RejectionCode.init) else { return nil }
            self = .refused(code)
        default: return nil
        }
    }
}
