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

/// What a provider says of a refund.
public enum RefundOutcome: Hashable, Sendable, CaseIterable {
    case refunded
    /// The provider gives nothing back.
    case refused
    /// Nobody knows yet.
    case unknown
}

/// Why a payment FAILED, where the bill's refusal is not the reason.
public enum FailureCode {
    /// The provider has said no.
    public static let declined = "DECLINED"
    /// The provider did not answer in time, and had charged nothing when it was asked again.
    public static let notCharged = "NOT_CHARGED"
}
