import SeededRandom

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
