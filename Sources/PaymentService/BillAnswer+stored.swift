import PaymentRules
import ServiceKit
import Vocabulary

extension BillAnswer {
    /// The word of the table; beside it stand the refusal, and when the bill was paid.
    var storedWord: String {
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
    /// - Throws: ``StoredWordError``.
    init?(storedWord word: String?, refusal: String?, paidAt: Int64?) throws(StoredWordError) {
        switch word {
        case nil: return nil
        case "RESERVED": self = .reserved
        case "RELEASED": self = .released
        case "SETTLED":
            guard let paidAt else { return nil }
            self = .settled(at: Instant(millisecondsSinceEpoch: paidAt))
        case "REFUSED":
            guard let code = refusal.flatMap(RejectionCode.init) else { return nil }
            self = .refused(code)
        case let word?: throw StoredWordError(type: "BillAnswer", word: word)
        }
    }
}
