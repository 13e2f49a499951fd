import Contracts
import Storage
import Vocabulary

extension Transaction {
    /// Keeps the department of a doctor, unless a newer one is known.
    func note(_ doctor: DoctorChanged) throws {
        try execute(
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
enum CountedAppointments: String {
    /// Those that were booked here.
    case ownOnly = "is_history = 0"
    /// Imported visits of the past too.
    case all = "is_history IN (0, 1)"
}

extension Reader {
    /// Counts by department as it was copied at booking, in any case, whatever the doctor's is now.
    func countsByDepartment(_ days: DayRange, _ those: CountedAppointments) throws -> [AppointmentReportRow] {
        try reportRows(
            """
            SELECT MIN(department), \(Self.sums) FROM (
                SELECT department_folded, MIN(department) AS department, status, COUNT(*) AS number FROM appointments
                WHERE clinic_day BETWEEN ? AND ? AND \(those.rawValue) GROUP BY department_folded, status
            ) AS counted GROUP BY department_folded ORDER BY department_folded
            """, days)
    }

    /// Counts by doctor, with the department that each belongs to now, as the read model knows it.
    func countsByDoctor(_ days: DayRange, _ those: CountedAppointments) throws -> [AppointmentReportRow] {
        let rows = try reportRows(
            "SELECT doctor_id, \(Self.sums) FROM (\(Self.counting(those))) AS counted GROUP BY doctor_id ORDER BY doctor_id", days)
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
            "SELECT clinic_day, \(Self.sums) FROM (\(Self.counting(those))) AS counted GROUP BY clinic_day ORDER BY clinic_day", days
        ) {
            LocalDate(daysSinceEpoch: $0.int64(0)).description
        }
    }

    func countsByStatus(_ days: DayRange, _ those: CountedAppointments) throws -> [AppointmentReportRow] {
        try reportRows("SELECT status, \(Self.sums) FROM (\(Self.counting(those))) AS counted GROUP BY status ORDER BY status", days)
    }

    /// In the order of the index over days, so that a year is counted without being sorted.
    private static func counting(_ those: CountedAppointments) -> String {
        """
        SELECT clinic_day, doctor_id, status, COUNT(*) AS number FROM appointments \
        WHERE clinic_day BETWEEN ? AND ? AND \(those.rawValue) GROUP BY clinic_day, doctor_id, status
        """
    }

    private static let sums = """
        SUM(number), SUM(CASE WHEN status = 'SCHEDULED' THEN number ELSE 0 END), \
        SUM(CASE WHEN status = 'CHECKED_IN' THEN number ELSE 0 END), SUM(CASE WHEN status = 'COMPLETED' THEN number ELSE 0 END), \
        SUM(CASE WHEN status = 'CANCELLED' THEN number ELSE 0 END), SUM(CASE WHEN status = 'NO_SHOW' THEN number ELSE 0 END)
        """

    private func reportRows(
        _ sql: String, _ days: DayRange, group: (borrowing Row) -> String = { $0.text(0) }
    ) throws -> [AppointmentReportRow] {
        try rows(sql, [.integer(days.first.daysSinceEpoch), .integer(days.last.daysSinceEpoch)]) { row in
            AppointmentReportRow(
                group: group(row), total: row.int64(1), scheduled: row.int64(2), checkedIn: row.int64(3), completed: row.int64(4),
                cancelled: row.int64(5), noShow: row.int64(6))
        }
    }
}
