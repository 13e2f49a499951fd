/// Waits that grow by ×1.6 up to a maximum, each ± 20 %, so that many clients don't come back at once.
public struct Backoff: Sendable {
    public var initial: Duration
    public var maximum: Duration

    public init(initial: Duration, maximum: Duration) {
        self.initial = initial
        self.maximum = maximum
    }

    /// The wait after so many failures in a row, counted from 1.
    public func wait(afterFailures failures: Int) -> Duration {
        var random = SystemRandomNumberGenerator()
        return wait(afterFailures: failures, using: &random)
    }

    func wait(afterFailures failures: Int, using random: inout some RandomNumberGenerator) -> Duration {
        var wait = initial
        for _ in 1..<max(1, failures) where wait < maximum { wait = wait * 1.6 }
        return min(wait, maximum) * Double.random(in: 0.8...1.2, using: &random)
    }
}
