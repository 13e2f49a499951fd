public import Vocabulary

/// Billing rule 6: from when on a bill that is paid is not owed any more, which is the day on which a report has it paid.
///
/// That is when it was paid, and never before it was made. A bill of this hospital for which a payment is imported was owed
/// until now, so that no day which is over changes.
public func endOfBill(madeAt: Instant, isImported: Bool, paidAt: Instant, inAnotherSystem: Bool, now: Instant) -> Instant {
    max(madeAt, inAnotherSystem && !isImported ? now : paidAt)
}
