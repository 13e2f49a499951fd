import Contracts
import MetricsRegistry
import ServiceKit
import Storage
import Vocabulary

/// What becomes of bills, for metrics: counted once it is committed, by the process that has committed it.
struct BillCounts: Sendable {
    private let created: [BillKind: Counter]
    private let voided: Counter
    private let latency: Histogram
    private let clock: HospitalClock

    init(_ metrics: Metrics, clock: HospitalClock) {
        self.clock = clock
        let kinds: [(BillKind, String)] = [
            (.consultation, "CONSULTATION"), (.cancellationFee, "CANCELLATION_FEE"), (.noShowFee, "NO_SHOW_FEE"), (.other, "OTHER"),
        ]
        created = kinds.reduce(into: [:]) { created, kind in
            created[kind.0] = metrics.counter("hms_bills_created_total", "Bills that were made.", ["kind": kind.1])
        }
        voided = metrics.counter("hms_bills_voided_total", "Bills that nobody owes any more.")
        latency = metrics.histogram(
            "hms_bill_creation_latency_seconds",
            "From when a visit was completed until its bill was committed, by the hospital's clock.")
    }

    func count(created bill: Bill, in transaction: Transaction) {
        guard let counter = created[bill.kind] else { return }
        transaction.onCommit { counter.add() }
    }

    func countVoided(in transaction: Transaction) {
        transaction.onCommit { [voided] in voided.add() }
    }

    /// A bill that a completed visit has brought.
    func count(billOfVisitCompletedAt completedAt: Instant, in transaction: Transaction) {
        transaction.onCommit { [latency, clock] in
            let milliseconds = clock.now().millisecondsSinceEpoch - completedAt.millisecondsSinceEpoch
            latency.record(.milliseconds(max(0, milliseconds)))
        }
    }
}
