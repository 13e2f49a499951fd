/// When a failed call is tried again, and after how long.
public struct RetryPolicy: Sendable {
    /// Attempts in all, the first included.
    public var maximumAttempts = 3
    public var backoff = Backoff(initial: .milliseconds(20), maximum: .seconds(1))
    /// Retries that may be made in a row before calls have earned more: as many as one connection holds calls, for it may be lost
    /// with all of them.
    public var budget = 256
    /// What each call earns: 0.1 lets retries add a tenth to the load, no more.
    public var budgetPerCall = 0.1
    /// Whether a server that sheds load is asked again, after the wait that it wants. Where somebody waits who can come back himself,
    /// he had better be told at once.
    public var retriesOverload = true

    public init() {}

    /// How long to wait before attempt `attempt + 1`; nil where the failure is final.
    func wait(after failure: CallFailure, attempt: Int, of call: ClientCall) -> Duration? {
        guard call.options.retry, attempt < maximumAttempts, failure.error.code == .unavailable else { return nil }
        guard retriesOverload || failure.error.reason != "OVERLOADED" else { return nil }
        guard failure.isNotProcessed || call.mayRunTwice, call.incoming?.hasReceived != true else { return nil }
        let wait = max(failure.error.retryAfter ?? .zero, backoff.wait(afterFailures: attempt))
        return wait < call.deadline.remaining ? wait : nil
    }
}

extension ClientCall {
    /// Whether the contract promises that a second run does no harm.
    var mayRunTwice: Bool {
        switch method.idempotency {
        case .readOnly: true
        case .repeatable: !isConditional
        case .keyOptional, .keyRequired: options.metadata.contains(MetadataName.idempotencyKey)
        case .unspecified: false
        }
    }

    /// Whether it may be made elsewhere while nobody knows what has become of it.
    var mayGoElsewhere: Bool { options.retry && incoming == nil && mayRunTwice }

    /// Whether it asks for a change of one version only. Once done, that version is gone: a second run is refused, and so
    /// tells the wrong of who was right.
    private var isConditional: Bool {
        guard let field = method.ifMatchField else { return false }
        return payload?.holdsField(field) ?? true
    }
}

/// Why an attempt failed.
struct CallFailure: Error {
    let error: RPCError
    /// The server certainly did none of it.
    let isNotProcessed: Bool
    /// The server went away without having looked at it: it can be sent over another connection at once.
    var isTurnedAway = false
}
