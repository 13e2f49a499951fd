import DoctorRules
import ServiceKit
import Storage
import Vocabulary

/// The hours of one doctor as the tables hold them.
struct StoredSchedule: Sendable {
    let schedule: Schedule
    /// 0 while nobody has set the hours.
    let version: Int64
}

extension Reader {
    func schedule(of doctorID: String) throws -> StoredSchedule {
        guard let version = try row("SELECT version FROM schedules WHERE doctor_id = ?", [.text(doctorID)], { $0.int64(0) }) else {
            return StoredSchedule(schedule: .default, version: 0)
        }
        let stretches = try rows(
            "SELECT weekday, start_minute, end_minute FROM working_hours WHERE doctor_id = ? ORDER BY weekday, start_minute",
            [.text(doctorID)], { WorkingHours($0) })
        return StoredSchedule(schedule: try Schedule(stretches.compactMap { $0 }), version: version)
    }
}

extension Transaction {
    func replaceSchedule(of doctorID: String, by stored: StoredSchedule) throws {
        noteChange(of: "working_hours")
        try enqueue(
            "INSERT INTO schedules (doctor_id, version) VALUES (?, ?) ON CONFLICT (doctor_id) DO UPDATE SET version = excluded.version",
            [.text(doctorID), .integer(stored.version)])
        try enqueue("DELETE FROM working_hours WHERE doctor_id = ?", [.text(doctorID)])
        for stretch in stored.schedule.workingHours {
            try enqueue(
                "INSERT INTO working_hours (doctor_id, weekday, start_minute, end_minute) VALUES (?, ?, ?, ?)",
                [
                    .text(doctorID), SQLValue(stretch.weekday.rawValue), SQLValue(stretch.start.minutesSinceMidnight),
                    SQLValue(stretch.end.minutesSinceMidnight),
                ])
        }
    }
}

extension WorkingHours {
    /// Nil for what the schema's checks keep out.
    fileprivate init?(_ row: borrowing Row) {
        guard let weekday = Weekday(rawValue: row.int(0)), let start = TimeOfDay(minutesSinceMidnight: row.int(1)),
            let end = TimeOfDay(minutesSinceMidnight: row.int(2))
        else { return nil }
        self.init(weekday: weekday, start: start, end: end)
    }
}
