import NIOCore

/// How many calls are taken on at once, found by how long they wait for their turn, without sockets and clocks.
///
/// Where they wait for too long, fewer are taken on: the part of those in flight that would wait about as long as is right. While the
/// queues empty, more and more are. What counts of a queue is said by ``WaitingLine``.
struct AdmissionLimit {
    let rules: AdmissionRules
    private(set) var limit: Int
    /// Of the interval under way, by queue.
    private var waits: [Waits] = Array(repeating: Waits(), count: WaitingLine.allCases.count)
    private var mostInFlight = 0
    private var intervalEnd: NIODeadline?

    /// After so many intervals in which nothing happened, what was before says nothing any more.
    private static let silence = 10

    init(_ rules: AdmissionRules) {
        self.rules = rules
        limit = rules.maximum
    }

    /// Something has waited. `inFlight` is how much is under way, where that is known.
    mutating func note(_ wait: TimeAmount, in line: WaitingLine, inFlight: Int, at now: NIODeadline) {
        let interval = rules.interval.timeAmount
        if let end = intervalEnd, now >= end {
            conclude()
            if now - end > interval * Self.silence { limit = rules.maximum }
            intervalEnd = nil
        }
        if intervalEnd == nil { intervalEnd = now + interval }
        waits[line.rawValue].note(wait)
        mostInFlight = max(mostInFlight, inFlight)
    }

    private mutating func conclude() {
        let excess = WaitingLine.allCases.map { waits[$0.rawValue].excess(in: $0, rules) }.max() ?? 0
        limit = excess > 1 ? reduced(1 / excess) : min(rules.maximum, limit + max(1, limit / 8))
        for line in waits.indices { waits[line] = Waits() }
        mostInFlight = 0
    }

    /// `share`: what part of the wait would have been short enough. Never less than half at once, because what is measured is noisy.
    private func reduced(_ share: Double) -> Int {
        let present = mostInFlight > 0 ? min(limit, mostInFlight) : limit
        return max(rules.minimum, Int(Double(present) * min(0.9, max(0.5, share))))
    }
}

/// How long was waited in one queue, in nanoseconds.
private struct Waits {
    private var shortest: Double?
    private var sum = 0.0
    private var sumOfSquares = 0.0

    mutating func note(_ wait: TimeAmount) {
        let wait = Double(wait.nanoseconds)
        shortest = min(shortest ?? wait, wait)
        sum += wait
        sumOfSquares += wait * wait
    }

    /// How many times too long it was.
    func excess(in line: WaitingLine, _ rules: AdmissionRules) -> Double {
        switch line {
        case .eventLoop: sum > 0 ? sumOfSquares / sum / Double(rules.turn.timeAmount.nanoseconds) : 0
        case .database: (shortest ?? 0) / Double(rules.target.timeAmount.nanoseconds)
        }
    }
}

/// Where calls wait for their turn.
public enum WaitingLine: Int, CaseIterable, Sendable {
    /// Sockets that have something to read, behind what their event loop does before. Turns are short and long by turns, and most that
    /// arrives does so in the long ones: what counts is how long the turn is on average into which something falls that arrives at any
    /// moment, the sum of the squares divided by the sum.
    case eventLoop
    /// Writes, behind those that the database commits before. As in CoDel (RFC 8289) it is the shortest wait of an interval that counts:
    /// where even the luckiest one has waited longer than the target, the queue does not empty any more. A slow disk makes all wait, and
    /// fewer at once would not wait less.
    case database
}

/// How long may be waited, and what is taken on at least and at most.
public struct AdmissionRules: Sendable {
    /// How long even the luckiest write may wait for the database. A batch of writes waits for the whole batch before it.
    public var target: Duration = .milliseconds(5)
    /// How long the turn of an event loop may be into which a request falls. A booking waits for four such turns, of the shim and the service,
    /// on its way there and back.
    public var turn: Duration = .microseconds(2_500)
    /// A queue is looked at for as long as this before fewer or more are taken on.
    public var interval: Duration = .milliseconds(100)
    /// Taken on at once, however long they wait: below it nothing is to be won.
    public var minimum = 128
    public var maximum = 4096

    public init() {}
}
