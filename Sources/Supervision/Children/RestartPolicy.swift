/// When a process that died is started again: at once where it had run for a while, later and later where it dies young.
public struct RestartPolicy: Hashable, Sendable {
    /// Dying before this age is dying young.
    public var settledAge: Duration
    public var firstPause: Duration
    public var longestPause: Duration
    private var youngDeaths = 0

    public init(
        settledAge: Duration = .seconds(5), firstPause: Duration = .milliseconds(100), longestPause: Duration = .seconds(10)
    ) {
        self.settledAge = settledAge
        self.firstPause = firstPause
        self.longestPause = longestPause
    }

    /// Takes note of a death and says how long to wait before the next start. The first death in a row waits for nothing.
    public mutating func pause(afterAge age: Duration) -> Duration {
        if age >= settledAge { youngDeaths = 0 }
        defer { youngDeaths += 1 }
        guard youngDeaths > 0 else { return .zero }
        return min(firstPause * (1 << min(youngDeaths - 1, 20)), longestPause)
    }
}
