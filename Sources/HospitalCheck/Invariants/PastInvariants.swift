/// What was imported is a fact of the past: it is over, and has no consequences here.
extension Invariants {
    static let past = [
        Invariant(
            "Every imported visit took some time and is over, and nobody was told of it", of: ["appointment"],
            counting: "SELECT count(*) FROM appointment.appointments WHERE is_history = 1",
            breaking: """
                SELECT a.appointment_id || ': ' || a.status || ', ' || (a.slot_end - a.slot_start) || ' ms, told ' || count(s.event_sequence)
                FROM appointment.appointments a LEFT JOIN appointment.appointment_steps s ON s.appointment_seq = a.seq
                WHERE a.is_history = 1
                GROUP BY a.seq HAVING a.status IN (\(active)) OR a.slot_end - a.slot_start NOT BETWEEN 1 AND 31622400000
                    OR count(s.event_sequence) > 0
                """),
        Invariant(
            "Nothing is kept or given back for an imported visit that did not take place", of: ["appointment", "billing"], .acrossServices,
            counting: "SELECT count(*) FROM appointment.appointments WHERE status IN ('CANCELLED', 'NO_SHOW') AND is_history = 1",
            breaking: """
                SELECT a.appointment_id || ': ' || c.fee_kind FROM billing.closings c
                JOIN appointment.appointments a ON a.appointment_id = c.appointment_id WHERE a.is_history = 1
                """),
        Invariant(
            "Every imported prescription was issued before it was imported", of: ["prescription"],
            counting: "SELECT count(*) FROM prescription.prescriptions WHERE imported = 1",
            breaking: """
                SELECT prescription_id || ': issued at ' || issued_at || ', imported at ' || created_at
                FROM prescription.prescriptions WHERE imported = 1 AND issued_at > created_at
                """),
    ]
}
