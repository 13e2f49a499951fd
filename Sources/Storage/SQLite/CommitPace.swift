/// Whether the writer lets the callers it has just answered come back before it commits again.
///
/// Callers who write one thing after the other come back within microseconds. A writer that takes the first of them at once
/// flushes for a handful while the rest wait for the next flush, and half of all flushes are wasted: with 64 callers waiting
/// made 64 rows a commit of 44 and a third more writes a second. One caller alone is
/// never waited for, and where callers do not come back the writer stops expecting them for a while.
struct CommitPace {
    private var callers = 0
    private var patience = Duration.zero
    private var disappointments = 0
    private var commitsToSkip = 0

    /// A flush is worth waiting a part of it for.
    private static let longestPatience = Duration.milliseconds(1)

    /// How many to expect next and for how long; `nil` where nobody is waited for.
    var expectation: (callers: Int, patience: Duration)? {
        callers > 1 && commitsToSkip == 0 ? (callers, patience) : nil
    }

    mutating func noteCommit(of callers: Int, taking duration: Duration) {
        self.callers = callers
        patience = min(duration / 2, Self.longestPatience)
        if commitsToSkip > 0 { commitsToSkip -= 1 }
    }

    mutating func noteGathering(haveAllCome: Bool) {
        disappointments = haveAllCome ? 0 : disappointments + 1
        if disappointments >= 3 { (disappointments, commitsToSkip) = (0, 32) }
    }
}
