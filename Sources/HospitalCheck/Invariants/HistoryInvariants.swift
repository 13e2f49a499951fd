import Storage

/// The history of an appointment explains how it became what it is.
extension Invariants {
    static let histories = [
        Invariant(
            "Every change of an appointment has its step in the history", of: ["appointment"],
            counting: "SELECT count(*) FROM appointment.appointment_steps",
            breaking: """
                SELECT a.appointment_id || ': version ' || a.version || ', ' || count(s.step) || ' steps'
                FROM appointment.appointments a LEFT JOIN appointment.appointment_steps s ON s.appointment_seq = a.seq
                GROUP BY a.seq HAVING count(s.step) <> a.version OR max(s.step) IS DISTINCT FROM a.version
                """),
        Invariant(
            "Every appointment is as the last step of its history left it", of: ["appointment"],
            counting: "SELECT count(*) FROM appointment.appointments",
            breaking: """
                SELECT a.appointment_id || ': ' || a.status || ' after ' || COALESCE(s.status, 'nothing')
                FROM appointment.appointments a
                LEFT JOIN appointment.appointment_steps s ON s.appointment_seq = a.seq AND s.step = a.version
                WHERE s.status IS DISTINCT FROM a.status OR s.slot_start IS DISTINCT FROM a.slot_start
                """),
        Invariant(
            "No step of a history is one that the rules do not know", of: ["appointment"],
            counting: "SELECT count(*) FROM appointment.appointment_steps",
            breaking: """
                SELECT a.appointment_id || ': ' || COALESCE(before.status, 'nothing') || ' → ' || s.status
                FROM appointment.appointment_steps s
                JOIN appointment.appointments a ON a.seq = s.appointment_seq
                LEFT JOIN appointment.appointment_steps before ON before.appointment_seq = s.appointment_seq AND before.step = s.step - 1
                WHERE NOT CASE
                    WHEN a.is_history = 1 THEN s.status NOT IN (\(active)) AND s.slot_start = COALESCE(before.slot_start, s.slot_start)
                    WHEN before.status IS NULL THEN s.step = 1 AND (s.status = 'SCHEDULED' OR a.reschedule_count = 0 AND s.step = a.version)
                    WHEN before.slot_start <> s.slot_start THEN before.status = 'SCHEDULED' AND s.status = 'SCHEDULED'
                    WHEN before.status = 'SCHEDULED' THEN s.status IN ('CHECKED_IN', 'COMPLETED', 'CANCELLED', 'NO_SHOW')
                    WHEN before.status IN ('CHECKED_IN', 'NO_SHOW') AND s.status = 'SCHEDULED' THEN s.reason IS NOT NULL AND a.is_history = 0
                    WHEN before.status = 'CHECKED_IN' THEN s.status IN ('COMPLETED', 'CANCELLED')
                    ELSE FALSE END
                """),
        Invariant(
            "An appointment was moved as often as its history says", of: ["appointment"],
            counting: "SELECT count(*) FROM appointment.appointments",
            breaking: """
                SELECT a.appointment_id || ': counted ' || a.reschedule_count || ', moved ' || (\(moves))
                FROM appointment.appointments a WHERE a.reschedule_count <> (\(moves))
                """),
    ]

    private static let moves = """
        SELECT count(*) FROM appointment.appointment_steps s
        JOIN appointment.appointment_steps before ON before.appointment_seq = s.appointment_seq AND before.step = s.step - 1
        WHERE s.appointment_seq = a.seq AND s.slot_start <> before.slot_start
        """
}
