import ServiceKit
import Storage
import Testing

extension AppointmentServiceUnderTest {
    /// Reads the tables and expects what must hold of them after whatever has happened.
    func expectInvariants(sourceLocation: SourceLocation = #_sourceLocation) async throws {
        for (name, sql) in Self.violations {
            let count = try await service.resources.database.read { reader in
                try reader.row("SELECT COUNT(*) FROM (\(sql)) AS found") { $0.int(0) }
            }
            #expect(count == 0, "\(name)", sourceLocation: sourceLocation)
        }
        try await service.resources.database.check()
    }

    /// The rows that break an invariant, by its name.
    private static let violations = [
        (
            "at most one active appointment per doctor and slot",
            """
            SELECT 1 FROM appointments WHERE status IN ('SCHEDULED', 'CHECKED_IN') GROUP BY doctor_id, slot_start HAVING COUNT(*) > 1
            """
        ),
        (
            "at most one active appointment per patient and slot",
            """
            SELECT 1 FROM appointments WHERE status IN ('SCHEDULED', 'CHECKED_IN') GROUP BY patient_id, slot_start HAVING COUNT(*) > 1
            """
        ),
        (
            "at most 8 appointments that are not cancelled per doctor and day",
            """
            SELECT 1 FROM appointments WHERE status <> 'CANCELLED' AND is_history = 0 GROUP BY doctor_id, clinic_day HAVING COUNT(*) > 8
            """
        ),
        (
            "every counter of a doctor's day equals its rows",
            """
            SELECT 1 FROM (
                SELECT clinic_day, doctor_id, status, is_history, COUNT(*) AS there, 0 AS counted FROM appointments GROUP BY 1, 2, 3, 4
                UNION ALL SELECT clinic_day, doctor_id, 'SCHEDULED', 0, 0, scheduled FROM doctor_days
                UNION ALL SELECT clinic_day, doctor_id, 'CHECKED_IN', 0, 0, checked_in FROM doctor_days
                UNION ALL SELECT clinic_day, doctor_id, 'COMPLETED', 0, 0, completed FROM doctor_days
                UNION ALL SELECT clinic_day, doctor_id, 'CANCELLED', 0, 0, cancelled FROM doctor_days
                UNION ALL SELECT clinic_day, doctor_id, 'NO_SHOW', 0, 0, no_show FROM doctor_days
                UNION ALL SELECT clinic_day, doctor_id, 'COMPLETED', 1, 0, history_completed FROM doctor_days
                UNION ALL SELECT clinic_day, doctor_id, 'CANCELLED', 1, 0, history_cancelled FROM doctor_days
                UNION ALL SELECT clinic_day, doctor_id, 'NO_SHOW', 1, 0, history_no_show FROM doctor_days
            ) AS counts GROUP BY clinic_day, doctor_id, status, is_history HAVING SUM(there) <> SUM(counted)
            """
        ),
        (
            "nobody is told of what was imported as history",
            """
            SELECT 1 FROM appointments a JOIN appointment_steps s ON s.appointment_seq = a.seq
            WHERE a.is_history = 1 AND s.event_sequence IS NOT NULL
            UNION ALL
            SELECT 1 FROM appointments a JOIN hms_outbox o ON o.aggregate_id = a.appointment_id WHERE a.is_history = 1
            """
        ),
        ("at most two reschedules", "SELECT 1 FROM appointments WHERE reschedule_count > 2"),
        (
            "the last step explains the status and the slot",
            """
            SELECT 1 FROM appointments a LEFT JOIN appointment_steps s ON s.appointment_seq = a.seq AND s.step = a.version
            WHERE s.status IS NULL OR s.status <> a.status OR s.slot_start <> a.slot_start
            """
        ),
        (
            "every step has the one before it",
            """
            SELECT 1 FROM appointments a WHERE version <> (SELECT COUNT(*) FROM appointment_steps s WHERE s.appointment_seq = a.seq)
            """
        ),
        (
            "every change but a check-in, and its undoing, has its event",
            """
            SELECT 1 FROM appointments a WHERE is_history = 0
            AND (SELECT COUNT(*) FROM hms_outbox o WHERE o.aggregate_id = a.appointment_id)
                <> (SELECT COUNT(*) FROM appointment_steps s
                    LEFT JOIN appointment_steps b ON b.appointment_seq = s.appointment_seq AND b.step = s.step - 1
                    WHERE s.appointment_seq = a.seq AND s.status <> 'CHECKED_IN'
                    AND NOT (s.status = 'SCHEDULED' AND COALESCE(b.status, '') = 'CHECKED_IN'))
            """
        ),
    ]
}
