/// The form in which HTTP writes instants. Instants before 1970 have none.
enum HTTPDate {
    private static let weekdays = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    /// `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110, 5.6.7).
    static func text(secondsSinceEpoch: Int64) -> String {
        let days = Int(secondsSinceEpoch / 86400)
        let date = civil(daysSinceEpoch: days)
        let clock = clock(secondOfDay: Int(secondsSinceEpoch % 86400))
        return "\(weekdays[days % 7]), \(padded(date.day)) \(months[date.month - 1]) \(date.year) \(clock) GMT"
    }

    private static func clock(secondOfDay: Int) -> String {
        "\(padded(secondOfDay / 3600)):\(padded(secondOfDay % 3600 / 60)):\(padded(secondOfDay % 60))"
    }

    private static func padded(_ number: Int, width: Int = 2) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }

    /// The Gregorian date of a day: eras of 400 years beginning in March, so that a leap day ends its year.
    private static func civil(daysSinceEpoch: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = daysSinceEpoch + 719_468
        let era = shifted / 146_097
        let dayOfEra = shifted % 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * marchMonth + 2) / 5 + 1)
    }
}
