import DequeModule

/// What was sent and is not answered yet, in the order of the answers.
struct UnansweredOperations {
    private struct Unanswered {
        let operation: CacheOperation
        var replies: [RedisReply] = []
        var isGivenUp = false
    }

    private var all: Deque<Unanswered> = []
    /// How many in a row were given up before they were answered.
    private(set) var missesInARow = 0

    var count: Int { all.count }

    /// Whether somebody waited in vain for an answer that is still owed.
    var isLate: Bool { all.first?.isGivenUp ?? false }

    /// When the oldest ought to be answered; nil where nothing is owed.
    var oldestDeadline: ContinuousClock.Instant? { all.first?.operation.deadline }

    /// When the first that somebody waits for is to be given up.
    var nextDeadline: ContinuousClock.Instant? { all.first { !$0.isGivenUp }?.operation.deadline }

    mutating func add(_ operation: CacheOperation) {
        all.append(Unanswered(operation: operation))
    }

    /// The operation that is answered with this; nil where more is to come. False: nothing was asked.
    mutating func take(_ reply: RedisReply) -> Bool {
        guard !all.isEmpty else { return false }
        all[0].replies.append(reply)
        guard all[0].replies.count == all[0].operation.commands.count else { return true }
        let answered = all.removeFirst()
        if !answered.isGivenUp {
            missesInARow = 0
            answered.operation.caller?.resume(returning: answered.replies)
        }
        return true
    }

    /// Lets everybody go whose deadline has passed, and says how many.
    mutating func giveUp(at now: ContinuousClock.Instant) -> Int {
        var count = 0
        for index in all.indices where !all[index].isGivenUp && all[index].operation.deadline <= now {
            all[index].isGivenUp = true
            all[index].operation.caller?.resume(returning: nil)
            count += 1
        }
        missesInARow += count
        return count
    }

    /// Lets everybody go, and says how many.
    mutating func giveUpAll() -> Int {
        let waiting = all.filter { !$0.isGivenUp }
        for unanswered in waiting { unanswered.operation.caller?.resume(returning: nil) }
        all = []
        missesInARow = 0
        return waiting.count
    }
}
