import RPC

extension StatusCode {
    /// Whether a receiver that answers an event so has said no to just this event. Only that can make a dead letter: with
    /// every other code the receiver could not say, and the event is tried again for as long as it takes.
    var isRefusal: Bool {
        switch self {
        // The event breaks its contract, or a rule of the receiver's that no waiting mends.
        case .invalidArgument, .notFound, .alreadyExists, .failedPrecondition, .outOfRange: true
        // The receiver's disk, memory or program failed it, or somebody was faster.
        case .internal, .dataLoss, .unknown, .unavailable, .resourceExhausted, .aborted: false
        // The answer did not come.
        case .cancelled, .deadlineExceeded: false
        // Keys are being changed, or are set up wrongly.
        case .unauthenticated, .permissionDenied: false
        // The receiver is an older program that does not know the event yet.
        case .unimplemented: false
        case .ok: false
        }
    }
}
