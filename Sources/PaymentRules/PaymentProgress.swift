public import Vocabulary

/// How far a PENDING payment has come: what was answered to it and stored, before anything was decided by it.
public struct PaymentProgress: Hashable, Sendable {
    /// Nil where billing is to be asked for the bill, at first or again.
    public private(set) var bill: BillAnswer?
    /// Nil as long as the provider was surely not asked.
    public private(set) var charge: ChargeOutcome?
    /// What the provider says of giving back what it has captured; nil where it was not asked to.
    public private(set) var giveBack: RefundOutcome?
    /// Whether another system has taken the money, so that no provider is asked.
    public let isImported: Bool

    public init(bill: BillAnswer? = nil, charge: ChargeOutcome? = nil, giveBack: RefundOutcome? = nil, isImported: Bool = false) {
        self.isImported = isImported
        self.bill = bill
        self.charge = charge
        self.giveBack = giveBack
    }
}

/// What billing says of a bill to the payment that is for it.
public enum BillAnswer: Hashable, Sendable {
    /// It is held for this payment alone.
    case reserved
    /// It is PAID by this payment.
    case settled(at: Instant)
    /// It is not held for this payment any more.
    case released
    /// This payment can't hold it or pay it.
    case refused(RejectionCode)
}

/// What comes back from outside, once there is an answer.
public enum PaymentAnswer: Hashable, Sendable {
    case bill(BillAnswer)
    case charge(ChargeOutcome)
    case giveBack(RefundOutcome)
}

/// What is to be done next for a PENDING payment.
public enum PaymentStep: Hashable, Sendable {
    case reserveBill
    /// The provider is asked to charge, or what became of it.
    case charge
    case settleBill
    /// The provider is asked to give back what it has captured.
    case giveBack
    case releaseBill
    /// The payment is CAPTURED.
    case capture(paidAt: Instant)
    /// The payment is FAILED for this reason.
    case fail(code: String)
}

/// Payment rule 4: PENDING → CAPTURED | FAILED.
///
/// Every step can be repeated. Money that was captured makes the bill PAID or goes back, whatever happens in between.
public func nextStep(of progress: PaymentProgress) -> PaymentStep {
    if progress.isImported { return stepOfImport(progress.bill) }
    return switch progress.charge {
    case nil: stepBeforeCharge(progress.bill)
    case .unknown: .charge
    case .captured: stepWithMoney(progress.bill, progress.giveBack)
    case .declined: stepWithoutMoney(progress.bill, FailureCode.declined)
    case .notCharged: stepWithoutMoney(progress.bill, FailureCode.notCharged)
    }
}

/// Money that another system has taken makes the bill PAID, or the import fails.
private func stepOfImport(_ bill: BillAnswer?) -> PaymentStep {
    switch bill {
    case nil, .released: .reserveBill
    case .reserved: .settleBill
    case .settled(let paidAt): .capture(paidAt: paidAt)
    case .refused(let code): .fail(code: code.rawValue)
    }
}

private func stepBeforeCharge(_ bill: BillAnswer?) -> PaymentStep {
    switch bill {
    case .refused(let code): .fail(code: code.rawValue)
    case .reserved: .charge
    case nil, .settled, .released: .reserveBill
    }
}

private func stepWithMoney(_ bill: BillAnswer?, _ giveBack: RefundOutcome?) -> PaymentStep {
    switch bill {
    case .reserved: .settleBill
    case .settled(let paidAt): .capture(paidAt: paidAt)
    case .refused(let code): giveBack == .refunded ? .fail(code: code.rawValue) : .giveBack
    case nil, .released: .reserveBill
    }
}

private func stepWithoutMoney(_ bill: BillAnswer?, _ code: String) -> PaymentStep {
    switch bill {
    case .released, .refused: .fail(code: code)
    case nil, .reserved, .settled: .releaseBill
    }
}

extension PaymentProgress {
    /// What is to be stored once a step was answered. The same where the answer says nothing new.
    public func after(_ answer: PaymentAnswer) -> PaymentProgress {
        var progress = self
        switch answer {
        case .bill(.reserved):
            progress.bill = .reserved
            // From here on the provider may have been asked.
            progress.charge = isImported ? nil : charge ?? .unknown
        case .bill(.refused(.paymentInProgress)) where bill == .reserved:
            // Billing has lost the reservation, as by a backup that was restored: the bill may be free still.
            progress.bill = nil
        case .bill(let answer): progress.bill = answer
        case .charge(.unknown), .giveBack(.unknown): break
        case .charge(let outcome): progress.charge = outcome
        case .giveBack(let outcome): progress.giveBack = outcome
        }
        return progress
    }
}
