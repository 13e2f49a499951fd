import Contracts
import DoctorRules
import Vocabulary

extension DoctorSchedule {
    init(_ stored: StoredSchedule, of doctorID: String) {
        self.init(doctorID: doctorID, workingHours: stored.schedule.workingHours.map { .init($0) }, version: stored.version)
    }
}

extension Schedule {
    /// - Throws: `INVALID_ARGUMENT` naming every stretch that is none, or whatever the rule of schedules says.
    init(_ messages: [WorkingHoursMessage]) throws(Rejection) {
        var violations: [Rejection.Violation] = []
        let stretches = messages.enumerated().compactMap { index, message in
            let stretch = message.stretch
            if stretch == nil { violations.append(.init(field: "working_hours[\(index)]", sentence: "needs a weekday, and times HH:MM")) }
            return stretch
        }
        guard violations.isEmpty else { throw Rejection(invalid: violations) }
        try self.init(stretches)
    }
}

extension WorkingHoursMessage {
    init(_ stretch: Vocabulary.WorkingHours) {
        self.init(
            weekday: .init(rawValue: Int32(stretch.weekday.rawValue)), start: stretch.start.description, end: stretch.end.description)
    }

    /// Nil where the weekday or a time is none.
    fileprivate var stretch: Vocabulary.WorkingHours? {
        guard let weekday = Vocabulary.Weekday(rawValue: Int(weekday.rawValue)), let start = TimeOfDay(start), let end = TimeOfDay(end)
        else { return nil }
        return Vocabulary.WorkingHours(weekday: weekday, start: start, end: end)
    }
}
