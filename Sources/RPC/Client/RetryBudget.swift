import Synchronization

/// Keeps retries to a share of all calls, so that they can't bury a server that is down.
final class RetryBudget: Sendable {
    private static let tokensPerRetry = 1000

    private let maximum: Int
    private let perCall: Int
    private let tokens: Atomic<Int>

    init(_ policy: RetryPolicy) {
        maximum = policy.budget * RetryBudget.tokensPerRetry
        perCall = Int(policy.budgetPerCall * Double(RetryBudget.tokensPerRetry))
        tokens = Atomic(maximum)
    }

    /// A full budget, as it mostly is, costs one read.
    func earn() {
        guard tokens.load(ordering: .relaxed) < maximum else { return }
        tokens.add(perCall, ordering: .relaxed)
    }

    /// Takes what one retry costs; false when there isn't enough.
    func spend() -> Bool {
        guard tokens.subtract(RetryBudget.tokensPerRetry, ordering: .relaxed).newValue >= 0 else {
            tokens.add(RetryBudget.tokensPerRetry, ordering: .relaxed)
            return false
        }
        return true
    }
}
