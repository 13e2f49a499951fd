import Contracts

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
