public import Vocabulary

/// What is known of a doctor and the patients whom he reads.
public enum Treatment: Hashable, Sendable {
    /// He treats each of them.
    case ofAll
    /// He does not treat somebody of them.
    case notOfAll
    /// Nobody could be asked.
    case unknown
}

/// People: a doctor reads those whom he treats; whoever else he reads, he says why, and it is emergency access. Where nobody can tell
/// whom he treats he says why, too: no doctor is kept from a record because another service is away.
public func rejectionOfReading(_ treatment: Treatment, saysWhy: Bool) -> Rejection? {
    switch treatment {
    case .ofAll: nil
    case .notOfAll, .unknown:
        saysWhy
            ? nil
            : Rejection(
                .accessReasonRequired,
                "A doctor says why he reads somebody whom he does not treat: X-Access-Reason, one line of 1 to 500 characters.")
    }
}
