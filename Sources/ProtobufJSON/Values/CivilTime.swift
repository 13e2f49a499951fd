/// A day of the proleptic Gregorian calendar.
package struct CivilDay: Hashable {
    let year: Int
    let month: Int
    let day: Int

    /// Nil where the calendar has no such day.
    package init?(year: Int, month: Int, day: Int) {
        guard 1...12 ~= month, 1...Self.length(ofMonth: month, inYear: year) ~= day else { return nil }
        self.year = year
        self.month = month
        self.day = day
    }

    /// Counts in eras of 400 years, whose years begin in March so that the leap day is the last.
    init(daysSinceEpoch days: Int) {
        let shifted = days + CivilTime.daysFromMarchOfYear0ToEpoch
        let era = shifted.flooredQuotient(CivilTime.daysPerEra)
        let dayOfEra = shifted.flooredRemainder(CivilTime.daysPerEra)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        day = dayOfYear - (153 * marchMonth + 2) / 5 + 1
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    var daysSinceEpoch: Int {
        let marchYear = month <= 2 ? year - 1 : year
        let era = marchYear.flooredQuotient(400)
        let yearOfEra = marchYear - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * CivilTime.daysPerEra + dayOfEra - CivilTime.daysFromMarchOfYear0ToEpoch
    }

    static func length(ofMonth month: Int, inYear year: Int) -> Int {
        switch month {
        case 2: isLeap(year) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    private static func isLeap(_ year: Int) -> Bool {
        year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    }
}

package enum CivilTime {
    static let secondsPerDay: Int64 = 86_400
    static let daysPerEra = 146_097
    static let daysFromMarchOfYear0ToEpoch = 719_468
    /// The seconds that google.protobuf.Timestamp may hold: years 1 to 9999.
    package static let timestampRange: ClosedRange<Int64> = -62_135_596_800...253_402_300_799
    /// The seconds that google.protobuf.Duration may hold: about 10,000 years either way.
    package static let durationRange: ClosedRange<Int64> = -315_576_000_000...315_576_000_000
}

extension FixedWidthInteger {
    func flooredQuotient(_ divisor: Self) -> Self {
        let quotient = self / divisor
        return self % divisor < 0 ? quotient - 1 : quotient
    }

    /// From 0 up to the divisor, which is positive.
    func flooredRemainder(_ divisor: Self) -> Self {
        let remainder = self % divisor
        return remainder < 0 ? remainder + divisor : remainder
    }
}
