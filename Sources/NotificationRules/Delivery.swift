public import Vocabulary

/// What came of handing a notification over.
public enum Handover: Hashable, Sendable {
    case accepted
    /// It may go better later, where the other side asked for it not before some time.
    case failed(String, retryAfter: Duration? = nil)
    /// It can never go well: the other side has said no to just this.
    case refused(String)
}

/// What a notification is after a try (notification rule 2).
public enum DeliveryStep: Hashable, Sendable {
    case sent
    /// To be tried again.
    case pending
    /// A dead letter.
    case failed
}

/// - Parameter tries: how often it was tried, with this try.
public func step(after handover: Handover, tries: Int) -> DeliveryStep {
    switch handover {
    case .accepted: .sent
    case .failed: tries < triesToDeadLetter ? .pending : .failed
    case .refused: .failed
    }
}

/// After how many failed tries a notification is a dead letter.
public let triesToDeadLetter = 8

/// The pause before the next try: not shorter than the other side asked for, and never longer than an hour.
public func pause(before next: Duration, asked: Duration?) -> Duration {
    min(max(next, asked ?? .zero), longestPause)
}

/// Between two tries.
public let longestPause: Duration = .seconds(3_600)

/// Only a dead letter is revived, and none to somebody who was forgotten: nothing is left of it that could be sent.
public func rejectionOfRetry(whereFailed isFailed: Bool, toForgotten isForgotten: Bool) -> Rejection? {
    if !isFailed { return Rejection(.invalidState, "Only a notification that has FAILED is tried again.") }
    if isForgotten { return Rejection(.invalidState, "Whom it was for was forgotten: what it told, and where to, is no longer kept.") }
    return nil
}
