/// The attempts at one call that has failed: whether there is to be another, and when.
struct CallRetries {
    private let policy: RetryPolicy
    private let budget: RetryBudget
    private var failures = 0
    private var wasTurnedAway = false

    init(_ policy: RetryPolicy, _ budget: RetryBudget) {
        self.policy = policy
        self.budget = budget
    }

    /// How long to wait before the call is attempted once more; nil where that is of no use, not safe, or done too often. The
    /// first server that goes away without having looked at it counts for nothing.
    mutating func wait(after failure: CallFailure, of call: ClientCall) -> Duration? {
        if failure.isTurnedAway, !wasTurnedAway {
            wasTurnedAway = true
            return .zero
        }
        failures += 1
        return policy.wait(after: failure, attempt: failures, of: call).flatMap { budget.spend() ? $0 : nil }
    }
}
