import Vocabulary

/// How the dates of one column are read.
struct DateColumn: Sendable {
    /// The forms that were asked for. None: the common ones, in the order that the column shows.
    let patterns: [DatePattern]
    var order: DateOrder?
    let years: TwoDigitYears
    /// Whether a year of two digits says enough. That of a birth may be of two centuries.
    let takesTwoDigitYears: Bool

    /// What a text says, or why it says nothing.
    func time(_ text: String) throws(ValueProblem) -> WrittenTime {
        patterns.isEmpty ? try common(text) : try asked(text)
    }

    private func asked(_ text: String) throws(ValueProblem) -> WrittenTime {
        let found = Set(patterns.compactMap { $0.read(text, years: years) })
        if found.count == 1, let time = found.first { return time }
        guard found.isEmpty else { throw ValueProblem("is another date in each of the forms \(names)") }
        // What begins with its year is ISO 8601, unless a form that was asked for says otherwise.
        if !patterns.contains(where: \.beginsWithYear), let time = isoTime(text) { return time }
        throw ValueProblem("is no date of the form \(names)")
    }

    private func common(_ text: String) throws(ValueProblem) -> WrittenTime {
        let readings = CommonDate.readings(of: text, years: years)
        guard !readings.isEmpty else {
            throw ValueProblem("is no date that can be read: say its form with --date-format, or mend it to YYYY-MM-DD")
        }
        guard let reading = readings.first(where: { $0.order == nil || $0.order == order }) else {
            throw ValueProblem("is no date in the order of the others of its column")
        }
        guard takesTwoDigitYears || !reading.hasTwoDigitYear else {
            throw ValueProblem("has a year of two digits, which may be of two centuries: say its form with --date-format")
        }
        return reading.time
    }

    private func isoTime(_ text: String) -> WrittenTime? {
        CommonDate.readings(of: text, years: years).first { $0.order == nil && $0.pattern == "yyyy-MM-dd" }?.time
    }

    private var names: String { patterns.map(\.text).joined(separator: " or ") }
}

/// Why a value can't be taken, as the rest of a sentence that begins with the name of its field.
public struct ValueProblem: Error, Hashable, Sendable {
    public let reason: String

    init(_ reason: String) {
        self.reason = reason
    }
}
