import NIOCore

/// How many calls are taken on at once, found by how long they wait for their turn, without sockets and clocks.
///
/// As in CoDel (RFC 8289) it is the shortest wait of an interval that counts: a burst makes some wait, but where even the luckiest one
/// has waited longer than the target, the queue does not empty any more. Then fewer are taken on: the part of those in flight that would
/// wait about as long as the target. While the queue empties, more and more are.
struct AdmissionLimit {
    let rules: AdmissionRules
    private(set) var limit: Int
    /// Of the interval under way, by queue; nil where nothing was measured.
    private var shortest: [TimeAmount?] = Array(repeating: nil, count: WaitingLine.allCases.count)
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
        shortest[line.rawValue] = min(shortest[line.rawValue] ?? wait, wait)
        mostInFlight = max(mostInFlight, inFlight)
    }

    private mutating func conclude() {
        let target = rules.target.timeAmount
        let worst = shortest.compactMap(\.self).max() ?? .zero
        limit =
            worst > target ? reduced(Double(target.nanoseconds) / Double(worst.nanoseconds)) : min(rules.maximum, limit + max(1, limit / 8))
        shortest = shortest.map { _ in nil }
        mostInFlight = 0
    }

    /// `share`: what part of the wait would have been short enough. Never less than half at once, because what is measured is noisy.
    private func reduced(_ share: Double) -> Int {
        let present = mostInFlight > 0 ? min(limit, mostInFlight) : limit
        return max(rules.minimum, Int(Double(present) * min(0.9, max(0.5, share))))
    }
}

/// Where calls wait for their turn.
public enum WaitingLine: Int, CaseIterable, Sendable {
    /// Sockets that have something to read, behind what their event loop does before.
    case eventLoop
    /// Writes, behind those that the database commits before.
    case database
}

/// How long may be waited, and what is taken on at least and at most.
public struct AdmissionRules: Sendable {
    /// How long even the luckiest may wait, in each line. A booking stands in several, and a batch of writes waits for the whole batch before
    /// it: with ten milliseconds some 250 were in flight, and no more were made in a second than with 128, after half the wait.
    public var target: Duration = .milliseconds(5)
    /// How long a queue may stand above the target before fewer are taken on.
    public var interval: Duration = .milliseconds(100)
    /// Taken on at once, however long they wait: below it nothing is to be won.
    public var minimum = 128
    public var maximum = 4096

    public init() {}
}
