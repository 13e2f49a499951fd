/// The writes that come in while a commit works on others: callers who were just answered come back within microseconds, and
/// share the next flush. They run as they come, so that writer and callers work at the same time.
struct WriteIntake {
    private let queue: WorkQueue<PendingWrite>
    private let limit: Int
    private let expected: (callers: Int, patience: Duration)?
    /// How long the writer has waited for somebody.
    private(set) var waited = Duration.zero
    /// Whether as many have come as were expected; nil where nobody was.
    private(set) var haveAllCome: Bool?

    /// So many are let come together before the writer is woken for them.
    private static let callersWorthWaking = 8

    /// - Parameters:
    ///   - limit: the writes of one commit at most.
    ///   - expected: how many come back, and how long they are waited for; nil: who comes has a commit of his own.
    init(_ queue: WorkQueue<PendingWrite>, limit: Int, _ expected: (callers: Int, patience: Duration)?) {
        self.queue = queue
        self.limit = limit
        self.expected = expected
    }

    /// More writes for a commit that has `count`; empty where nobody is expected any more.
    mutating func next(beside count: Int) -> [PendingWrite] {
        guard let expected else { return [] }
        var count = count
        while count < limit {
            let taken = queue.take(limit - count)
            let started = taken.filter { $0.start() }
            if !started.isEmpty { return started }
            // Who was cancelled has come, too.
            count += taken.count
            if !taken.isEmpty { continue }
            guard haveAllCome != false, count < expected.callers else { break }
            wait(for: expected.callers - count, expected.patience)
        }
        if haveAllCome != false { haveAllCome = count >= expected.callers }
        return []
    }

    /// Sets ``haveAllCome`` to false where the patience has come to its end.
    private mutating func wait(for callers: Int, _ patience: Duration) {
        let start = ContinuousClock.now
        let haveCome = queue.gather(min(callers, Self.callersWorthWaking), patience: patience - waited)
        waited += .now - start
        if !haveCome || waited >= patience { haveAllCome = false }
    }
}
