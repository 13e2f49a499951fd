import Contracts

/// The contract's message, in files where the vocabulary has a word of the same name.
typealias WorkingHoursMessage = WorkingHours

/// Hours on one day: `hours(.monday, "09:00", "13:00")`.
func hours(_ weekday: Weekday, _ start: String, _ end: String) -> WorkingHours {
    WorkingHours(weekday: weekday, start: start, end: end)
}
