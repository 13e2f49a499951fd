import Contracts
import ServiceKit
import Storage
import Vocabulary

extension Transaction {
    /// Keeps the department of a doctor, unless a newer one is known.
    func note(_ doctor: DoctorChanged) throws {
        try enqueue(
            """
            INSERT INTO doctor_department (doctor_id, department, department_folded, active, version) VALUES (?, ?, ?, ?, ?)
            ON CONFLICT (doctor_id) DO UPDATE SET department = excluded.department, department_folded = excluded.department_folded,
                active = excluded.active, version = excluded.version
            WHERE excluded.version > doctor_department.version
            """,
            [
                .text(doctor.doctorID), .text(doctor.department), .text(FoldedText(doctor.department).text), SQLValue(doctor.active),
                .integer(doctor.version),
            ])
    }
}

/// Which appointments a report counts.
enum CountedAppointments {
    /// Those that were booked here.
    case ownOnly
    /// Imported visits of the past too.
    case all

    /// In the order of a report's row: of how many there are in a doctor's day.
    fileprivate var sums: String {
        let history = self == .all ? ["", "", " + history_completed", " + history_cancelled", " + history_no_show"] : ["", "", "", "", ""]
        let counters: [DayCounter] = [.scheduled, .checkedIn, .completed, .cancelled, .noShow]
        let sums = zip(counters, history).map { "\($0.rawValue)\($1)" }
        return ([sums.joined(separator: " + ")] + sums).map { "SUM(\($0))" }.joined(separator: ", ")
    }
}

extension Reader {
    /// Counts by department as it was copied at booking, in any case, whatever the doctor's is now.
    func countsByDepartment(_ days: DayRange, _ those: CountedAppointments) throws -> [AppointmentReportRow] {
        let (start, end) = days.period
        return try reportRows(
            """
            SELECT MIN(department), SUM(number), SUM(CASE WHEN status = 'SCHEDULED' THEN number ELSE 0 END),
                SUM(CASE WHEN status = 'CHECKED_IN' THEN number ELSE 0 END), SUM(CASE WHEN status = 'COMPLETED' THEN number ELSE 0 END),
                SUM(CASE WHEN status = 'CANCELLED' THEN number ELSE 0 END), SUM(CASE WHEN status = 'NO_SHOW' THEN number ELSE 0 END)
            FROM (
                SELECT department_folded, MIN(department) AS department, status, COUNT(*) AS number FROM appointments
                WHERE slot_start >= ? AND slot_start < ? AND clinic_day BETWEEN ? AND ? AND is_history <= ?
                GROUP BY department_folded, status
            ) AS counted GROUP BY department_folded ORDER BY department_folded
            """,
            [.integer(start.millisecondsSinceEpoch), .integer(end.millisecondsSinceEpoch)] + days.arguments + [SQLValue(those == .all)])
    }

    /// Counts by doctor, with the department that each belongs to now, as the read model knows it.
    func countsByDoctor(_ days: DayRange, _ those: CountedAppointments) throws -> [AppointmentReportRow] {
        let rows = try reportRows(
            "SELECT doctor_id, \(those.sums) FROM doctor_days WHERE clinic_day BETWEEN ? AND ? GROUP BY doctor_id ORDER BY doctor_id",
            days.arguments)
        return try rows.map { row in
            var row = row
            row.department = try department(ofDoctor: row.group) ?? ""
            return row
        }
    }

    private func department(ofDoctor doctorID: String) throws -> String? {
        try row("SELECT department FROM doctor_department WHERE doctor_id = ?", [.text(doctorID)]) { $0.text(0) }
    }

    func countsByDay(_ days: DayRange, _ those: CountedAppointments) throws -> [AppointmentReportRow] {
        try reportRows(
            "SELECT clinic_day, \(those.sums) FROM doctor_days WHERE clinic_day BETWEEN ? AND ? GROUP BY clinic_day ORDER BY clinic_day",
            days.arguments
        ) { LocalDate(daysSinceEpoch: $0.int64(0)).description }
    }

    func countsByStatus(_ days: DayRange, _ those: CountedAppointments) throws -> [AppointmentReportRow] {
        try countsByDay(days, those).reduce(into: AppointmentReportRow()) { all, day in
            all.scheduled += day.scheduled
            all.checkedIn += day.checkedIn
            all.completed += day.completed
            all.cancelled += day.cancelled
            all.noShow += day.noShow
        }.byStatus
    }

    /// Groups without appointments, as those of doctors whose visits are all of the past, are left out.
    private func reportRows(
        _ sql: String, _ arguments: [SQLValue], group: (borrowing Row) -> String = { $0.text(0) }
    ) throws -> [AppointmentReportRow] {
        try rows(sql, arguments) { row in
            AppointmentReportRow(
                group: group(row), total: row.int64(1), scheduled: row.int64(2), checkedIn: row.int64(3), completed: row.int64(4),
                cancelled: row.int64(5), noShow: row.int64(6))
        }.filter { $0.total > 0 }
    }
}

extension DayRange {
    fileprivate var arguments: [SQLValue] { [.integer(first.daysSinceEpoch), .integer(last.daysSinceEpoch)] }
}

extension AppointmentReportRow {
    /// A row for each status, by its name.
    fileprivate var byStatus: [AppointmentReportRow] {
        get throws {
            let rows = [
                AppointmentReportRow(group: try AppointmentStatus.cancelled.storedWord, total: cancelled, cancelled: cancelled),
                AppointmentReportRow(group: try AppointmentStatus.checkedIn.storedWord, total: checkedIn, checkedIn: checkedIn),
                AppointmentReportRow(group: try AppointmentStatus.completed.storedWord, total: completed, completed: completed),
                AppointmentReportRow(group: try AppointmentStatus.noShow.storedWord, total: noShow, noShow: noShow),
                AppointmentReportRow(group: try AppointmentStatus.scheduled.storedWord, total: scheduled, scheduled: scheduled),
            ]
            return rows.filter { $0.total > 0 }
        }
    }
}
