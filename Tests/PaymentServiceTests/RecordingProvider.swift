import PaymentRules
import PaymentService
import Synchronization

/// A provider with a ledger in memory, which outlives the payment services that ask it, and counts what it really did.
final class RecordingProvider: PaymentProvider {
    private struct Ledger {
        var outcomes: [String: ChargeOutcome] = [:]
        var charged: [String: Int] = [:]
        var taken: [String: Int64] = [:]
        var refunded: [String: Int64] = [:]
        var refusedRefunds: Int
        var afterCharge: (@Sendable (String) async throws -> Void)?
    }

    private let ledger: Mutex<Ledger>
    /// What a charge that it has not seen comes to.
    let answer: ChargeOutcome

    /// - Parameter refusedRefunds: how many times it refuses a refund, before it gives anything back.
    init(_ answer: ChargeOutcome = .captured, refusedRefunds: Int = 0) {
        self.answer = answer
        ledger = Mutex(Ledger(refusedRefunds: refusedRefunds))
    }

    /// How often money was taken, by payment.
    var charged: [String: Int] { ledger.withLock { $0.charged } }
    /// What was given back, by refund.
    var refunded: [String: Int64] { ledger.withLock { $0.refunded } }
    /// What it has and has not given back.
    var kept: Int64 { ledger.withLock { $0.taken.values.reduce(0, +) - $0.refunded.values.reduce(0, +) } }

    /// Does something once, after the next charge and before its answer. It is told the payment.
    func afterCharge(_ work: @escaping @Sendable (String) async throws -> Void) {
        ledger.withLock { $0.afterCharge = work }
    }

    func charge(_ charge: Charge) async throws -> ChargeOutcome {
        let outcome = ledger.withLock { ledger in
            if let earlier = ledger.outcomes[charge.paymentID] { return earlier }
            ledger.outcomes[charge.paymentID] = answer
            if answer == .captured {
                ledger.charged[charge.paymentID, default: 0] += 1
                ledger.taken[charge.paymentID] = charge.amount
            }
            return answer
        }
        try await ledger.withLock { $0.afterCharge.take() }?(charge.paymentID)
        return outcome
    }

    func outcome(of charge: Charge) async throws -> ChargeOutcome {
        ledger.withLock { ledger in
            let outcome = ledger.outcomes[charge.paymentID] ?? .notCharged
            ledger.outcomes[charge.paymentID] = outcome
            return outcome
        }
    }

    func refund(_ refund: ChargeRefund) async throws -> RefundOutcome {
        ledger.withLock { ledger in
            guard ledger.refusedRefunds == 0 else {
                ledger.refusedRefunds -= 1
                return .refused
            }
            ledger.refunded[refund.refundID] = refund.amount
            return .refunded
        }
    }
}
