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

extension Reader {
    /// Counts by department as the doctors belong to them now; of a doctor who is not known yet, as they were booked.
    func countsByDepartment(_ days: DayRange) throws -> [AppointmentReportRow] {
        try reportRows(
            """
            SELECT MIN(name), \(Self.sums) FROM (
                SELECT COALESCE(d.department, a.department) AS name, COALESCE(d.department_folded, a.department_folded) AS folded, a.status
                FROM appointments a LEFT JOIN doctor_department d ON d.doctor_id = a.doctor_id
                WHERE a.clinic_day BETWEEN ? AND ?
            ) AS found GROUP BY folded ORDER BY folded
            """, days)
    }

    func countsByDoctor(_ days: DayRange) throws -> [AppointmentReportRow] {
        try reportRows(
            "SELECT doctor_id, \(Self.sums) FROM appointments WHERE clinic_day BETWEEN ? AND ? GROUP BY doctor_id ORDER BY doctor_id",
            days)
    }

    func countsByDay(_ days: DayRange) throws -> [AppointmentReportRow] {
        try reportRows(
            "SELECT clinic_day, \(Self.sums) FROM appointments WHERE clinic_day BETWEEN ? AND ? GROUP BY clinic_day ORDER BY clinic_day",
            days
        ) { LocalDate(daysSinceEpoch: $0.int64(0)).description }
    }

    func countsByStatus(_ days: DayRange) throws -> [AppointmentReportRow] {
        try reportRows(
            "SELECT status, \(Self.sums) FROM appointments WHERE clinic_day BETWEEN ? AND ? GROUP BY status ORDER BY status", days)
    }

    private static let sums = """
        COUNT(*), SUM(CASE WHEN status = 'SCHEDULED' THEN 1 ELSE 0 END), SUM(CASE WHEN status = 'CHECKED_IN' THEN 1 ELSE 0 END), \
        SUM(CASE WHEN status = 'COMPLETED' THEN 1 ELSE 0 END), SUM(CASE WHEN status = 'CANCELLED' THEN 1 ELSE 0 END), \
        SUM(CASE WHEN status = 'NO_SHOW' THEN 1 ELSE 0 END)
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
