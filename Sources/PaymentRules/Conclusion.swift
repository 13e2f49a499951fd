/// What a provider says of a charge.
public enum ChargeOutcome: Hashable, Sendable, CaseIterable {
    case captured
    /// The provider has said no.
    case declined
    /// The provider has never charged it, and never will.
    case notCharged
    /// Nobody knows yet.
    case unknown
}

/// How a payment goes on after its charge.
public enum Conclusion: Hashable, Sendable {
    /// The bill becomes PAID, the payment CAPTURED.
    case settle
    /// The bill is released, the payment FAILED for this reason.
    case release(failureCode: String)
    /// It stays PENDING, until the recovery sweep asks again.
    case wait
}

/// Payment rule 4: PENDING → CAPTURED | FAILED.
public func conclusion(of outcome: ChargeOutcome) -> Conclusion {
    switch outcome {
    case .captured: .settle
    case .declined: .release(failureCode: FailureCode.declined)
    case .notCharged: .release(failureCode: FailureCode.notCharged)
    case .unknown: .wait
    }
}

/// Why a payment FAILED, where the bill's refusal is not the reason.
public enum FailureCode {
    /// The provider has said no.
    public static let declined = "DECLINED"
    /// The provider did not answer in time, and had charged nothing when it was asked again.
    public static let notCharged = "NOT_CHARGED"
}

/// What a provider says of a refund.
public enum RefundOutcome: Hashable, Sendable, CaseIterable {
    case refunded
    /// The provider gives nothing back.
    case refused
    /// Nobody knows yet.
    case unknown
}
