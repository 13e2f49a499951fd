import Vocabulary

extension ClinicCalendar {
    /// `Monday, 2 March 2026 at 09:30`, on the clinic's calendar and wall clock.
    func spoken(_ instant: Instant) -> String {
        let local = localTime(of: instant)
        let (hour, minute) = local.minuteOfDay.quotientAndRemainder(dividingBy: 60)
        let time = "\(hour < 10 ? "0" : "")\(hour):\(minute < 10 ? "0" : "")\(minute)"
        return "\(local.day.weekday.name), \(local.day.day) \(monthNames[local.day.month - 1]) \(local.day.year) at \(time)"
    }
}

private let monthNames = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
]

extension Weekday {
    fileprivate var name: String {
        switch self {
        case .monday: "Monday"
        case .tuesday: "Tuesday"
        case .wednesday: "Wednesday"
        case .thursday: "Thursday"
        case .friday: "Friday"
        case .saturday: "Saturday"
        case .sunday: "Sunday"
        }
    }
}
