import Contracts
import MetricsRegistry
import ServiceKit
import Storage

/// What becomes of payments, for metrics: counted once it is committed, by the process that has committed it. Money that was
/// taken elsewhere is none of this hospital's revenue.
struct PaymentCounts: Sendable {
    private let metrics: Metrics
    private let captured: Counter
    private let refunded: Counter
    private let revenue: Counter
    private let givenBack: Counter

    init(_ metrics: Metrics, currency: String) {
        self.metrics = metrics
        captured = metrics.counter("hms_payments_captured_total", "Payments that were captured.")
        refunded = metrics.counter("hms_refunds_total", "Refunds that were made.")
        revenue = metrics.counter(
            "hms_revenue_minor_units_total", "Money that was captured, in minor units of its currency; refunds are not taken off.",
            ["currency": currency])
        givenBack = metrics.counter(
            "hms_refunded_minor_units_total", "Money that was given back, in minor units of its currency.", ["currency": currency])
        // Shown before the first, so that the first shows as a rise.
        for reason in ["DECLINED", "NOT_CHARGED"] { _ = failed(reason) }
    }

    /// Counts a payment that has ended.
    func count(_ payment: Payment, in transaction: Transaction) {
        guard !payment.imported else { return }
        switch payment.status {
        case .captured:
            transaction.onCommit { [captured, revenue, amount = Int(clamping: payment.amount)] in
                captured.add()
                revenue.add(amount)
            }
        case .failed:
            // Codes of rules and of what providers can answer: a closed set.
            let failed = failed(payment.failureCode ?? "UNKNOWN")
            transaction.onCommit { failed.add() }
        case .pending, .unspecified, .unrecognized: break
        }
    }

    /// Counts a refund that was made.
    func count(refundOf amount: Int64, in transaction: Transaction) {
        transaction.onCommit { [refunded, givenBack, amount = Int(clamping: amount)] in
            refunded.add()
            givenBack.add(amount)
        }
    }

    private func failed(_ reason: String) -> Counter {
        metrics.counter("hms_payments_failed_total", "Payments that took no money, by the reason.", ["reason": reason])
    }
}
