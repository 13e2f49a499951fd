/// What a provider says of a charge, as the tables hold it.
public enum ChargeOutcome: String, Hashable, Sendable, CaseIterable {
    case captured = "CAPTURED"
    /// The provider has said no.
    case declined = "DECLINED"
    /// The provider has never charged it, and never will.
    case notCharged = "NOT_CHARGED"
    /// Nobody knows yet.
    case unknown = "UNKNOWN"
}

/// What a provider says of a refund, as the tables hold it.
public enum RefundOutcome: String, Hashable, Sendable, CaseIterable {
    case refunded = "REFUNDED"
    /// The provider gives nothing back.
    case refused = "REFUSED"
    /// Nobody knows yet.
    case unknown = "UNKNOWN"
}

/// Why a payment FAILED, where the bill's refusal is not the reason.
public enum FailureCode {
    /// The provider has said no.
    public static let declined = "DECLINED"
    /// The provider did not answer in time, and had charged nothing when it was asked again.
    public static let notCharged = "NOT_CHARGED"
}
