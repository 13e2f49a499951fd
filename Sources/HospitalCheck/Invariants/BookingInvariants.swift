import Storage
import Vocabulary

/// Booking rules 3, 4 and 8–10 and the limit of rescheduling, as rows must keep them.
extension Invariants {
    static let bookings = [
        Invariant(
            "No doctor has two active appointments in one slot", of: ["appointment"],
            counting: "SELECT count(*) FROM appointment.appointments WHERE status IN (\(active))",
            breaking: """
                SELECT doctor_id || ': ' || min(appointment_id) || ', ' || max(appointment_id) FROM appointment.appointments
                WHERE status IN (\(active)) GROUP BY doctor_id, slot_start HAVING count(*) > 1
                """),
        Invariant(
            "No patient has two active appointments in one slot", of: ["appointment"],
            counting: "SELECT count(*) FROM appointment.appointments WHERE status IN (\(active))",
            breaking: """
                SELECT patient_id || ': ' || min(appointment_id) || ', ' || max(appointment_id) FROM appointment.appointments
                WHERE status IN (\(active)) GROUP BY patient_id, slot_start HAVING count(*) > 1
                """),
        Invariant(
            "No doctor has more than 8 appointments on a day, the cancelled ones not counted", of: ["appointment"],
            counting:
                "SELECT count(*) FROM (SELECT 1 FROM appointment.appointments WHERE is_history = 0 GROUP BY doctor_id, clinic_day) days",
            breaking: """
                SELECT doctor_id || ' on day ' || clinic_day || ': ' || count(*) FROM appointment.appointments
                WHERE status <> 'CANCELLED' AND is_history = 0 GROUP BY doctor_id, clinic_day HAVING count(*) > 8
                """),
        Invariant(
            "Every counter of a doctor's day is the number of his appointments", of: ["appointment"],
            counting: "SELECT count(*) FROM appointment.doctor_days",
            breaking: """
                SELECT doctor_id || ' on day ' || clinic_day || ': counted ' || sum(counted) || ', there are ' || sum(there) FROM (
                    SELECT doctor_id, clinic_day, scheduled + checked_in + completed + no_show AS counted, 0 AS there
                    FROM appointment.doctor_days
                    UNION ALL
                    SELECT doctor_id, clinic_day, 0, 1 FROM appointment.appointments WHERE status <> 'CANCELLED' AND is_history = 0
                ) counts GROUP BY doctor_id, clinic_day HAVING sum(counted) <> sum(there)
                """),
        Invariant(
            "No appointment was moved more than twice", of: ["appointment"],
            counting: "SELECT count(*) FROM appointment.appointments",
            breaking: """
                SELECT appointment_id || ': ' || reschedule_count FROM appointment.appointments WHERE reschedule_count NOT BETWEEN 0 AND 2
                """),
        Invariant("Every slot is on the grid and in clinic hours, and counts for its day", of: ["appointment"], look: slots),
        Invariant(
            "Every cancellation and no-show costs what its time and its cause say", of: ["appointment"],
            counting: "SELECT count(*) FROM appointment.appointments WHERE status IN ('CANCELLED', 'NO_SHOW')",
            breaking: """
                SELECT a.appointment_id || ': ' || COALESCE(CAST(a.fee_percent AS TEXT), 'nothing') || ' percent'
                FROM appointment.appointments a
                JOIN appointment.appointment_steps s ON s.appointment_seq = a.seq AND s.step = a.version
                WHERE a.status IN ('CANCELLED', 'NO_SHOW') AND a.fee_percent IS DISTINCT FROM CASE
                    WHEN a.is_history = 1 THEN 0
                    WHEN a.status = 'NO_SHOW' THEN 100
                    WHEN a.cancelled_by = 'CLINIC' THEN 0
                    WHEN a.slot_start - s.taken_at > 2 * 3600000 THEN 0
                    ELSE 50 END
                """),
        Invariant(
            "No active appointment that had not begun when a leave was entered lies in it", of: ["appointment", "doctor"], .acrossServices,
            counting: "SELECT count(*) FROM doctor.leaves WHERE removed_at IS NULL",
            breaking: """
                SELECT a.appointment_id || ' in ' || l.leave_id FROM doctor.leaves l
                JOIN appointment.appointments a ON a.doctor_id = l.doctor_id AND a.slot_start < l.end_at AND a.slot_end > l.start_at
                WHERE l.removed_at IS NULL AND a.status IN (\(active)) AND a.slot_start > l.created_at
                """),
    ]

    static let active = "'SCHEDULED', 'CHECKED_IN'"

    @Sendable private static func slots(_ evidence: Evidence) throws -> Finding {
        let calendar = evidence.clinic.calendar
        return try evidence.files.read { reader in
            var finding = Finding(count: 0, breaches: [])
            let sql = "SELECT appointment_id, slot_start, slot_end, clinic_day, is_history FROM appointment.appointments"
            try reader.forEachRow(sql) { row in
                let start = Instant(millisecondsSinceEpoch: row.int64(1))
                let slot = Slot(start: start, end: Instant(millisecondsSinceEpoch: row.int64(2)))
                let isPlaced = row.bool(4) || calendar.isOnGrid(slot) && calendar.isInClinicHours(slot)
                let isRight = isPlaced && calendar.day(of: start).daysSinceEpoch == row.int64(3)
                finding.count += 1
                if !isRight { finding.breaches.append("\(row.text(0)): \(start)") }
                return true
            }
            return finding
        }
    }
}
