import PlainText
import Vocabulary

/// A form of dates, by the letters of Unicode (UTS 35): `dd/MM/yyyy HH:mm`, `M/d/yy`, `d MMM yyyy`, `yyyyMMdd`.
///
/// Letters: y, M, d, H, h with a, m, s, S, E, X; text in single quotes stands for itself. A number of one or two letters is
/// read from one or two digits, but beside another number: there it has as many as the pattern has letters.
/// Names are English, in any case. Nothing may follow.
struct DatePattern: Hashable, Sendable {
    enum Part: Hashable, Sendable {
        case year, twoDigitYear, month, monthName, day, weekday, hour, halfDayHour, minute, second, fraction, halfDay, offset
        case literal([UInt8])
        case spaces

        var isNumber: Bool {
            switch self {
            case .year, .twoDigitYear, .month, .day, .hour, .halfDayHour, .minute, .second, .fraction: true
            case .monthName, .weekday, .halfDay, .offset, .literal, .spaces: false
            }
        }
    }

    /// A part, and how many digits it has where it is a number.
    struct Step: Hashable, Sendable {
        let part: Part
        let digits: ClosedRange<Int>
    }

    let text: String
    private let steps: [Step]

    init(_ text: String) throws(DatePatternError) {
        self.text = text
        let parts = try DatePatternParser.parts(of: text)
        steps = parts.indices.map { index in
            let (part, letters) = parts[index]
            let isBesideNumber = [index - 1, index + 1].contains { parts.indices.contains($0) && parts[$0].part.isNumber }
            return Step(part: part, digits: Self.digits(part, letters: letters, isBesideNumber))
        }
        try requireWhole()
    }

    /// Nil where the text has another form, or names a day or a time that does not exist.
    func read(_ text: String, years: TwoDigitYears) -> WrittenTime? {
        var scanner = TimeScanner(text.trimmingSpaces)
        var found = DateParts(years: years)
        for step in steps {
            guard found.take(step, from: &scanner) else { return nil }
        }
        return scanner.isAtEnd ? found.whole : nil
    }

    var hasTime: Bool { steps.contains { $0.part == .hour || $0.part == .halfDayHour } }

    /// Whether a date that begins with its year is read by this pattern, so that no other reading of such a one may hold.
    var beginsWithYear: Bool {
        steps.first { $0.part != .spaces }.map { $0.part == .year || $0.part == .twoDigitYear } ?? false
    }

    private static func digits(_ part: Part, letters: Int, _ isBesideNumber: Bool) -> ClosedRange<Int> {
        switch part {
        case .year: 4...4
        case .twoDigitYear: 2...2
        default: isBesideNumber ? letters...letters : 1...2
        }
    }

    private func requireWhole() throws(DatePatternError) {
        let parts = steps.map(\.part)
        let has = { (part: Part) in parts.contains(part) }
        for (name, those) in [("year (y)", [Part.year, .twoDigitYear]), ("month (M)", [.month, .monthName]), ("day (d)", [.day])] {
            let count = parts.filter(those.contains).count
            guard count == 1 else {
                throw DatePatternError(pattern: text, reason: count == 0 ? "has no \(name)" : "has two of the \(name)")
            }
        }
        guard has(.halfDayHour) == has(.halfDay) else {
            throw DatePatternError(
                pattern: text, reason: "has only one of h and a: write H for 0 to 23, or h and a for 1 to 12 with AM or PM")
        }
        guard !has(.hour) || !has(.halfDayHour) else { throw DatePatternError(pattern: text, reason: "has both H and h") }
        guard hasTime || !(has(.minute) || has(.second) || has(.offset)) else {
            throw DatePatternError(pattern: text, reason: "has minutes without an hour: M is the month, m the minute")
        }
    }
}

/// What was read of a date so far.
private struct DateParts {
    let years: TwoDigitYears
    private var year = 0
    private var month = 0
    private var day = 0
    private var weekday: Int?
    private var hour: Int?
    private var halfDayHour: Int?
    private var isMorning: Bool?
    private var minute = 0
    private var second = 0
    private var millisecond = 0
    private var offset: Int?

    init(years: TwoDigitYears) {
        self.years = years
    }

    mutating func take(_ step: DatePattern.Step, from scanner: inout TimeScanner) -> Bool {
        switch step.part {
        case .year: return Self.set(&year, scanner.number(digits: step.digits))
        case .twoDigitYear: return Self.set(&year, scanner.number(digits: step.digits).map(years.year))
        case .month: return Self.set(&month, scanner.number(digits: step.digits))
        case .monthName: return Self.set(&month, scanner.month())
        case .day: return Self.set(&day, scanner.number(digits: step.digits))
        case .minute: return Self.set(&minute, scanner.number(digits: step.digits))
        case .second: return Self.set(&second, scanner.number(digits: step.digits))
        case .fraction: return Self.set(&millisecond, scanner.milliseconds())
        case .weekday:
            weekday = scanner.weekday()
            return weekday != nil
        case .hour:
            hour = scanner.number(digits: step.digits)
            return hour != nil
        case .halfDayHour:
            halfDayHour = scanner.number(digits: step.digits)
            return halfDayHour != nil
        case .halfDay:
            isMorning = scanner.isMorning()
            return isMorning != nil
        case .offset:
            offset = scanner.offset()
            return offset != nil
        case .literal(let bytes): return scanner.skip(bytes)
        case .spaces: return scanner.skipSpaces()
        }
    }

    /// Nil where the calendar or the clock has no such day or time.
    var whole: WrittenTime? {
        guard let date = LocalDate(year: year, month: month, day: day) else { return nil }
        if let weekday, weekday != date.weekday.rawValue { return nil }
        guard hour != nil || halfDayHour != nil else { return WrittenTime(date) }
        guard let time = TimeOfClock(hour: hour, halfDayHour: halfDayHour, isMorning: isMorning, minute: minute, second: second) else {
            return nil
        }
        return WrittenTime(date, millisecondOfDay: time.milliseconds + millisecond, offsetMinutes: offset)
    }

    private static func set(_ value: inout Int, _ found: Int?) -> Bool {
        guard let found else { return false }
        value = found
        return true
    }
}

/// What a clock shows.
struct TimeOfClock {
    let milliseconds: Int

    /// Nil where no clock shows this. `halfDayHour` is 1 to 12, with `isMorning`.
    init?(hour: Int?, halfDayHour: Int? = nil, isMorning: Bool? = nil, minute: Int, second: Int) {
        var shown = hour
        if let halfDayHour, let isMorning {
            guard (1...12).contains(halfDayHour) else { return nil }
            shown = halfDayHour % 12 + (isMorning ? 0 : 12)
        }
        guard let shown, (0...23).contains(shown), (0...59).contains(minute), (0...59).contains(second) else { return nil }
        milliseconds = ((shown * 60 + minute) * 60 + second) * 1_000
    }
}
