/// What a whole column says about the order of its dates.
struct DateEvidence {
    /// The orders in which every date of the column can be read.
    private(set) var orders = Set(DateOrder.allCases)
    /// How many values there are that can be read, and of how many every reading has a year of two digits.
    private(set) var readable = 0
    private(set) var withTwoDigitYear = 0
    /// How many times have no offset, and how many dates no time.
    private(set) var withoutOffset = 0
    private(set) var withoutTime = 0
    /// The forms that were met, by the order in which they were read.
    private var patterns: [DateOrder?: String] = [:]
    private var lines: [Set<DateOrder>: Int] = [:]
    private var isOpen = false

    /// - Parameter readings: every way to read a value; none where it is no date at all, which is told of its row.
    mutating func add(_ readings: [CommonDate], line: Int) {
        guard let first = readings.first else { return }
        readable += 1
        if readings.allSatisfy(\.hasTwoDigitYear) { withTwoDigitYear += 1 }
        note(first.time)
        for reading in readings where patterns[reading.order] == nil { patterns[reading.order] = reading.pattern }
        let possible = Set(readings.compactMap(\.order))
        guard readings.allSatisfy({ $0.order != nil }) else { return }
        lines[possible] = lines[possible] ?? line
        orders.formIntersection(possible)
        if Set(readings.map(\.time.day)).count > 1 { isOpen = true }
    }

    mutating func note(_ time: WrittenTime) {
        if time.millisecondOfDay == nil { withoutTime += 1 } else if time.offsetMinutes == nil { withoutOffset += 1 }
    }

    enum Verdict: Hashable {
        /// Nil: no date of the column depends on an order.
        case order(DateOrder?)
        /// All dates fit each of these forms.
        case open([String])
        /// Two lines have no order in common.
        case mixed(Int, Int)
    }

    var verdict: Verdict {
        guard !lines.isEmpty else { return .order(nil) }
        guard !orders.isEmpty else { return mixed }
        let inOrder = DateOrder.allCases.filter(orders.contains)
        // Where each date is the same in every order that is left (05/05/2020), any of them is right.
        return inOrder.count == 1 || !isOpen ? .order(inOrder.first) : .open(inOrder.compactMap { patterns[$0] })
    }

    /// The forms that were read, in the order that was found.
    func patterns(in order: DateOrder?) -> [String] {
        [patterns[order], order == nil ? nil : patterns[.none]].compactMap(\.self)
    }

    private var mixed: Verdict {
        let sorted = lines.sorted { $0.value < $1.value }
        for (index, one) in sorted.enumerated() {
            if let other = sorted.dropFirst(index + 1).first(where: { $0.key.isDisjoint(with: one.key) }) {
                return .mixed(one.value, other.value)
            }
        }
        return .mixed(sorted[0].value, sorted[sorted.count - 1].value)
    }
}
