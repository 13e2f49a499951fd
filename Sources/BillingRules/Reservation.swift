public import Vocabulary

/// Payment rules 2 and 4: of any number of payments, one at a time holds an OPEN bill. The first rule broken is the answer.
///
/// A payment that holds the bill, or has paid it, may reserve it again: nothing changes. A payment of another system may
/// belong to a bill that was paid there; it needs no reservation.
public func rejectionOfReservation(
    by paymentID: String, of amount: Int64, isImported: Bool = false, given bill: BillFacts
) -> Rejection? {
    if bill.isHeld(by: paymentID) { return nil }
    if !bill.isClaimed(isImported), let rejection = rejectionOfPaying(bill) { return rejection }
    if bill.reservedBy != nil { return Rejection(.paymentInProgress, "Another payment of the bill is under way.") }
    if bill.amount != amount { return Rejection(.amountMismatch, "The amount is not what is owed.", field: "amount") }
    return nil
}

/// Payment rule 5: the payment that holds the bill makes it PAID; settling again changes nothing.
public func rejectionOfSettlement(by paymentID: String, isImported: Bool = false, given bill: BillFacts) -> Rejection? {
    if bill.isHeld(by: paymentID) || bill.isClaimed(isImported) { return nil }
    if let rejection = rejectionOfPaying(bill) { return rejection }
    return Rejection(.paymentInProgress, "The bill is not reserved for this payment.")
}

/// What the payment service says of the payment that holds an OPEN bill.
public enum HolderState: Hashable, Sendable {
    case pending
    case captured(at: Instant, isImported: Bool = false)
    case failed
    /// There is no such payment: the payment service has lost it, as by a backup that was restored.
    case lost
}

/// What becomes of a reservation that nobody has ended.
public enum ReservationStep: Hashable, Sendable {
    /// The payment is under way: it ends the reservation itself.
    case wait
    /// The payment has paid the bill, which billing has lost.
    case settle(at: Instant, isImported: Bool = false)
    /// The payment never pays the bill.
    case release
}

/// A reservation lives as long as its payment is PENDING.
public func nextStep(ofReservationBy holder: HolderState) -> ReservationStep {
    switch holder {
    case .pending: .wait
    case .captured(let paidAt, let isImported): .settle(at: paidAt, isImported: isImported)
    case .failed, .lost: .release
    }
}

private func rejectionOfPaying(_ bill: BillFacts) -> Rejection? {
    switch bill.state {
    case .void: Rejection(.billVoid, "The bill is void.")
    case .paid, .partiallyRefunded, .refunded: Rejection(.billPaid, "The bill is paid.")
    case .open: nil
    }
}

extension BillFacts {
    fileprivate func isHeld(by paymentID: String) -> Bool {
        reservedBy == paymentID || paidBy == paymentID
    }

    /// Whether a payment of another system can be the one that it was paid by there.
    fileprivate func isClaimed(_ isImported: Bool) -> Bool {
        isImported && lacksPayment
    }
}
