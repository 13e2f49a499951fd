import PlainText
import Vocabulary

/// Which number of a date comes first, where its numbers do not say.
enum DateOrder: String, CaseIterable, Hashable, Sendable {
    case dayFirst
    case monthFirst
    /// Of dates whose year has two digits; with four it is seen.
    case yearFirst
}

/// One way to read a date in a form that many systems write.
struct CommonDate: Hashable, Sendable {
    /// Nil where the date can be read in no other way.
    let order: DateOrder?
    let time: WrittenTime
    let hasTwoDigitYear: Bool
    /// The form of the date, as a pattern.
    let pattern: String

    /// Every way to read a text: none, one, or one for each order in which it is a date.
    ///
    /// Read are ISO 8601 and RFC 3339, dates of three numbers separated by `/`, `-` or `.`, of eight digits, and with the
    /// English name of the month; behind the date a time of 24 hours or with AM and PM, with an offset or without one.
    static func readings(of text: String, years: TwoDigitYears) -> [CommonDate] {
        var scanner = TimeScanner(text.trimmingSpaces)
        skipWeekday(&scanner)
        guard let dates = dates(&scanner, years), !dates.isEmpty else { return [] }
        guard !scanner.isAtEnd else { return dates.map { CommonDate($0, millisecondOfDay: nil, offset: nil) } }
        guard let (milliseconds, offset) = timeOfDay(&scanner), scanner.isAtEnd else { return [] }
        return dates.map { CommonDate($0, millisecondOfDay: milliseconds, offset: offset) }
    }

    /// A date without its time.
    private struct Day {
        let order: DateOrder?
        let date: LocalDate
        var hasTwoDigitYear = false
        let pattern: String
    }

    private init(_ day: Day, millisecondOfDay: Int?, offset: Int?) {
        order = day.order
        time = WrittenTime(day.date, millisecondOfDay: millisecondOfDay, offsetMinutes: offset)
        hasTwoDigitYear = day.hasTwoDigitYear
        pattern = day.pattern
    }

    private static func skipWeekday(_ scanner: inout TimeScanner) {
        var ahead = scanner
        guard ahead.weekday() != nil else { return }
        let hasComma = ahead.skip(",")
        guard ahead.skipSpaces() || hasComma else { return }
        scanner = ahead
    }

    private static func dates(_ scanner: inout TimeScanner, _ years: TwoDigitYears) -> [Day]? {
        switch scanner.digitCount {
        case 0: return monthNameFirst(&scanner, years).map { [$0] }
        case 1, 2: return dayOrMonthFirst(&scanner, years)
        case 4: return wholeYearFirst(&scanner).map { [$0] }
        case 8: return eightDigits(&scanner)
        default: return nil
        }
    }
}

/// The forms.
extension CommonDate {
    private static func wholeYearFirst(_ scanner: inout TimeScanner) -> Day? {
        guard let year = scanner.number(digits: 4...4), let separator = separator(&scanner),
            let month = scanner.number(digits: 1...2), scanner.skip(separator), let day = scanner.number(digits: 1...2),
            let date = LocalDate(year: year, month: month, day: day)
        else { return nil }
        return Day(order: nil, date: date, pattern: "yyyy\(separator)MM\(separator)dd")
    }

    private static func eightDigits(_ scanner: inout TimeScanner) -> [Day]? {
        guard let number = scanner.number(digits: 8...8) else { return nil }
        let tail = number % 10_000
        let orders: [(order: DateOrder?, year: Int, month: Int, day: Int, pattern: String)] = [
            (nil, number / 10_000, tail / 100, tail % 100, "yyyyMMdd"),
            (.dayFirst, tail, number / 10_000 % 100, number / 1_000_000, "ddMMyyyy"),
            (.monthFirst, tail, number / 1_000_000, number / 10_000 % 100, "MMddyyyy"),
        ]
        // Read from the wrong end, a year is one in which no hospital kept records.
        return orders.compactMap { order, year, month, day, pattern in
            guard (1_800...2_199).contains(year), let date = LocalDate(year: year, month: month, day: day) else { return nil }
            return Day(order: order, date: date, pattern: pattern)
        }
    }

    private static func dayOrMonthFirst(_ scanner: inout TimeScanner, _ years: TwoDigitYears) -> [Day]? {
        guard let first = scanner.number(digits: 1...2) else { return nil }
        var ahead = scanner
        if let named = dayFirst(first, &ahead, years) {
            scanner = ahead
            return [named]
        }
        guard let separator = separator(&scanner), let second = scanner.number(digits: 1...2), scanner.skip(separator) else { return nil }
        switch scanner.digitCount {
        case 4: return wholeYearLast(first, second, scanner.number(digits: 4...4) ?? 0, separator)
        case 2: return twoDigits(first, second, scanner.number(digits: 2...2) ?? 0, separator, years)
        default: return nil
        }
    }

    private static func wholeYearLast(_ first: Int, _ second: Int, _ year: Int, _ separator: Unicode.Scalar) -> [Day] {
        [
            (DateOrder.dayFirst, second, first, "dd\(separator)MM\(separator)yyyy"),
            (.monthFirst, first, second, "MM\(separator)dd\(separator)yyyy"),
        ].compactMap { order, month, day, pattern in
            LocalDate(year: year, month: month, day: day).map { Day(order: order, date: $0, pattern: pattern) }
        }
    }

    private static func twoDigits(
        _ first: Int, _ second: Int, _ third: Int, _ separator: Unicode.Scalar, _ years: TwoDigitYears
    ) -> [Day] {
        [
            (DateOrder.dayFirst, third, second, first, "dd\(separator)MM\(separator)yy"),
            (.monthFirst, third, first, second, "MM\(separator)dd\(separator)yy"),
            (.yearFirst, first, second, third, "yy\(separator)MM\(separator)dd"),
        ].compactMap { order, year, month, day, pattern in
            LocalDate(year: years.year(year), month: month, day: day).map {
                Day(order: order, date: $0, hasTwoDigitYear: true, pattern: pattern)
            }
        }
    }

    /// `13 Feb 2020`, `13-Feb-20`, `13th February, 2020`, `13Feb2020`.
    private static func dayFirst(_ day: Int, _ scanner: inout TimeScanner, _ years: TwoDigitYears) -> Day? {
        skipOrdinal(&scanner)
        let separator = gap(&scanner)
        guard let month = scanner.month() else { return nil }
        _ = gap(&scanner)
        guard let (year, isShort) = year(&scanner, years), let date = LocalDate(year: year, month: month, day: day) else { return nil }
        let mark = separator.isEmpty ? " " : separator
        return Day(order: nil, date: date, hasTwoDigitYear: isShort, pattern: "dd\(mark)MMM\(mark)\(isShort ? "yy" : "yyyy")")
    }

    /// `Feb 13, 2020`.
    private static func monthNameFirst(_ scanner: inout TimeScanner, _ years: TwoDigitYears) -> Day? {
        guard let month = scanner.month() else { return nil }
        _ = gap(&scanner)
        guard let day = scanner.number(digits: 1...2) else { return nil }
        skipOrdinal(&scanner)
        guard !gap(&scanner).isEmpty, let (year, isShort) = year(&scanner, years),
            let date = LocalDate(year: year, month: month, day: day)
        else { return nil }
        return Day(order: nil, date: date, hasTwoDigitYear: isShort, pattern: "MMM dd, \(isShort ? "yy" : "yyyy")")
    }

    private static func year(_ scanner: inout TimeScanner, _ years: TwoDigitYears) -> (Int, isShort: Bool)? {
        switch scanner.digitCount {
        case 4: scanner.number(digits: 4...4).map { ($0, false) }
        case 2: scanner.number(digits: 2...2).map { (years.year($0), true) }
        default: nil
        }
    }

    private static func separator(_ scanner: inout TimeScanner) -> Unicode.Scalar? {
        for separator: Unicode.Scalar in ["/", "-", "."] where scanner.skip(separator) { return separator }
        return nil
    }

    /// What stands between a day and the name of a month.
    private static func gap(_ scanner: inout TimeScanner) -> String {
        if let separator = separator(&scanner) { return scanner.skipSpaces() ? " " : String(separator) }
        let hasComma = scanner.skip(",")
        return scanner.skipSpaces() || hasComma ? " " : ""
    }

    private static func skipOrdinal(_ scanner: inout TimeScanner) {
        for ordinal in ["st", "nd", "rd", "th"] where scanner.skip(Array(ordinal.utf8)) { return }
    }

    /// The time behind a date, in milliseconds of the day, and its offset.
    private static func timeOfDay(_ scanner: inout TimeScanner) -> (Int, offset: Int?)? {
        let hasMark = scanner.skip("T") || scanner.skip(",")
        guard scanner.skipSpaces() || hasMark, let hour = scanner.number(digits: 1...2) else { return nil }
        var (minute, second, milliseconds) = (0, 0, 0)
        if scanner.skip(":") {
            guard let found = scanner.number(digits: 2...2) else { return nil }
            minute = found
            if scanner.skip(":") {
                guard let found = scanner.number(digits: 2...2) else { return nil }
                second = found
                if scanner.skip(".") || scanner.skip(",") {
                    guard let found = scanner.milliseconds() else { return nil }
                    milliseconds = found
                }
            }
        } else if scanner.digitCount > 0 {
            return nil
        }
        return clockTime(&scanner, hour, minute, second).map { ($0.time + milliseconds, $0.offset) }
    }

    private static func clockTime(
        _ scanner: inout TimeScanner, _ hour: Int, _ minute: Int, _ second: Int
    ) -> (time: Int, offset: Int?)? {
        scanner.skipSpaces()
        let isMorning = scanner.isMorning()
        let time = TimeOfClock(
            hour: isMorning == nil ? hour : nil, halfDayHour: isMorning == nil ? nil : hour, isMorning: isMorning, minute: minute,
            second: second)
        scanner.skipSpaces()
        guard !scanner.isAtEnd else { return time.map { ($0.milliseconds, nil) } }
        guard let offset = scanner.offset() else { return nil }
        return time.map { ($0.milliseconds, offset) }
    }
}
