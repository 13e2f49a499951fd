import SeededRandom
import Vocabulary

/// What is going to happen in the demo hospital, by its time.
struct DemoDiary {
    private struct Entry {
        let at: Instant
        /// Of two at the same time the one that was noted first comes first.
        let number: Int
        let act: DemoAct
    }

    /// The next one last.
    private var entries: [Entry] = []
    private var count = 0

    mutating func note(_ act: DemoAct, at instant: Instant) {
        let entry = Entry(at: instant, number: count, act: act)
        count += 1
        let place = entries.partitioningIndex { ($0.at, $0.number) < (entry.at, entry.number) }
        entries.insert(entry, at: place)
    }

    /// Takes the next act out; nil where none is left before `end`.
    mutating func next(before end: Instant) -> (at: Instant, act: DemoAct)? {
        guard let entry = entries.last, entry.at < end else { return nil }
        entries.removeLast()
        return (entry.at, entry.act)
    }
}

/// Something that somebody does in the demo hospital. Visits are known by their place in the list of all.
enum DemoAct: Sendable {
    case book
    case enterLeave(doctor: Int, from: LocalDate, days: Int)
    case move(visit: Int)
    case checkIn(visit: Int)
    case prescribe(visit: Int)
    case complete(visit: Int)
    case missed(visit: Int)
    case cancel(visit: Int, byClinic: Bool)
    case billInAdvance(visit: Int)
    case pay(visit: Int)
    case refund(visit: Int)
    case void(visit: Int)
}

/// How a visit goes.
enum DemoCourse: CaseIterable, Sendable {
    case seen, moved, prepaid, prepaidAndCancelled, missed, cancelledEarly, cancelledLate, cancelledByClinic

    /// Out of a hundred visits so many go like this.
    var share: Int {
        switch self {
        case .seen: 62
        case .moved: 8
        case .prepaid: 6
        case .prepaidAndCancelled: 3
        case .missed: 5
        case .cancelledEarly: 8
        case .cancelledLate: 4
        case .cancelledByClinic: 4
        }
    }

    static func random(using random: inout SplitMix64) -> DemoCourse {
        var left = Int.random(in: 0..<100, using: &random)
        return allCases.first { course in
            left -= course.share
            return left < 0
        } ?? .seen
    }
}

/// An appointment of the demo hospital.
struct DemoVisit: Sendable {
    let id: String
    let doctor: Int
    var start: Instant
    let course: DemoCourse
    /// Of the bill's payment, once there is one.
    var paymentID: String?
}

extension Array {
    /// The first index whose element is in the later part, where the elements that are not `isBefore` come first.
    fileprivate func partitioningIndex(where isBefore: (Element) -> Bool) -> Int {
        var (low, high) = (startIndex, endIndex)
        while low < high {
            let middle = (low + high) / 2
            if isBefore(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
