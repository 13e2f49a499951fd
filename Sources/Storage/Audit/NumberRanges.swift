/// Numbers of which most follow one another, as ranges of such as do.
struct NumberRanges: Hashable, Sendable {
    /// So many are kept; of more nothing is known.
    private let most: Int

    /// From the lowest on, with others between.
    private(set) var ranges: [ClosedRange<Int64>] = []
    private(set) var isOverfull = false

    init(most: Int) {
        self.most = most
    }

    mutating func add(_ number: Int64) {
        guard !isOverfull else { return }
        let following = ranges.lastIndex { $0.lowerBound <= number }.map { $0 + 1 } ?? 0
        let lower = following > 0 ? ranges[following - 1].upperBound : nil
        let joinsLower = lower.map { $0 >= number || $0 + 1 == number } ?? false
        let joinsUpper = following < ranges.count && ranges[following].lowerBound - 1 == number
        switch (joinsLower, joinsUpper) {
        case (true, true):
            ranges[following - 1] = ranges[following - 1].lowerBound...ranges[following].upperBound
            ranges.remove(at: following)
        case (true, false):
            ranges[following - 1] = ranges[following - 1].lowerBound...max(ranges[following - 1].upperBound, number)
        case (false, true): ranges[following] = number...ranges[following].upperBound
        case (false, false): ranges.insert(number...number, at: following)
        }
        if ranges.count > most { (ranges, isOverfull) = ([], true) }
    }

    /// All numbers that are in none of the ranges, from the lowest on.
    var gaps: [ClosedRange<Int64>] {
        var gaps: [ClosedRange<Int64>] = []
        var next: Int64? = .min
        for range in ranges {
            if let next, next < range.lowerBound { gaps.append(next...range.lowerBound - 1) }
            next = range.upperBound == .max ? nil : range.upperBound + 1
        }
        if let next { gaps.append(next...Int64.max) }
        return gaps
    }
}
