import PaymentRules
import PaymentService
import Synchronization

/// A provider with a ledger in memory, which outlives the payment services that ask it, and counts what it really did.
final class RecordingProvider: PaymentProvider {
    private struct Ledger {
        var outcomes: [String: ChargeOutcome] = [:]
        var charged: [String: Int] = [:]
        var refunded: [String: Int64] = [:]
    }

    private let ledger = Mutex(Ledger())
    /// What a charge that it has not seen comes to.
    let answer: ChargeOutcome

    init(_ answer: ChargeOutcome = .captured) {
        self.answer = answer
    }

    /// How often money was taken, by payment.
    var charged: [String: Int] { ledger.withLock { $0.charged } }
    /// What was given back, by refund.
    var refunded: [String: Int64] { ledger.withLock { $0.refunded } }

    func charge(_ charge: Charge) async throws -> ChargeOutcome {
        ledger.withLock { ledger in
            if let earlier = ledger.outcomes[charge.paymentID] { return earlier }
            ledger.outcomes[charge.paymentID] = answer
            if answer == .captured { ledger.charged[charge.paymentID, default: 0] += 1 }
            return answer
        }
    }

    func outcome(of charge: Charge) async throws -> ChargeOutcome {
        ledger.withLock { ledger in
            let outcome = ledger.outcomes[charge.paymentID] ?? .notCharged
            ledger.outcomes[charge.paymentID] = outcome
            return outcome
        }
    }

    func refund(_ refund: ChargeRefund) async throws -> RefundOutcome {
        ledger.withLock { $0.refunded[refund.refundID] = refund.amount }
        return .refunded
    }
}
