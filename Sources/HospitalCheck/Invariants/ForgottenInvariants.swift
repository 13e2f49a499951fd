/// Of a person who was forgotten nothing is left that says who he was. What staff have written since is not looked at.
extension Invariants {
    static let forgotten =
        [
            Invariant(
                "Nothing is left of who a forgotten patient was", of: ["patient"],
                counting: "SELECT count(*) FROM patient.hms_forgotten",
                breaking: """
                    SELECT f.person_id || ': the record' FROM patient.hms_forgotten f JOIN patient.patients p ON p.patient_id = f.person_id
                    WHERE p.forgotten_at IS NULL OR p.status <> 'INACTIVE' OR p.name <> 'Forgotten' OR p.dob <> '1900-01-01'
                        OR p.allergies <> '' OR p.email IS NOT NULL OR p.email_lower IS NOT NULL OR p.phone IS NOT NULL
                        OR p.phone_reversed IS NOT NULL
                    UNION ALL
                    SELECT f.person_id || ': what others call him' FROM patient.hms_forgotten f
                    JOIN patient.source_ids s ON s.patient_id = f.person_id
                    UNION ALL
                    SELECT p.patient_id || ': not to be found among the forgotten' FROM patient.patients p
                    WHERE p.forgotten_at IS NOT NULL
                        AND NOT EXISTS (SELECT 1 FROM patient.hms_forgotten f WHERE f.person_id = p.patient_id)
                    """),
            of(
                "appointment", "visits",
                """
                JOIN appointment.appointments a ON a.patient_id = f.person_id
                WHERE a.cancel_reason IS NOT NULL OR EXISTS (
                    SELECT 1 FROM appointment.appointment_steps s
                    WHERE s.appointment_seq = a.seq AND s.reason IS NOT NULL AND s.taken_at <= f.forgotten_at)
                """),
            of(
                "billing", "bills",
                """
                JOIN billing.bills b ON b.patient_id = f.person_id
                WHERE b.void_reason <> '' OR (b.kind = 'OTHER' AND b.description <> '' AND b.created_at <= f.forgotten_at)
                """),
            of(
                "payment", "refunds",
                """
                JOIN payment.payments p ON p.patient_id = f.person_id JOIN payment.refunds r ON r.payment_id = p.payment_id
                WHERE r.reason <> '' AND r.created_at <= f.forgotten_at
                """),
            of(
                "prescription", "prescriptions",
                """
                JOIN prescription.prescriptions p ON p.patient_id = f.person_id
                WHERE (p.override_reason <> '' OR p.cancel_reason <> '') AND p.created_at <= f.forgotten_at
                """),
            of(
                "notification", "notifications",
                """
                JOIN notification.notifications n ON n.recipient_id = f.person_id
                WHERE (n.recipient <> '' OR n.message <> '' OR n.metadata <> '{}' OR n.subject IS NOT NULL)
                    AND n.created_at <= f.forgotten_at
                """),
        ]

    /// - Parameter join: of those of whom the patient service knows that they were forgotten, `f`, with what is left of them.
    private static func of(_ service: String, _ records: String, _ join: String) -> Invariant {
        Invariant(
            "No texts are left with the \(records) of a forgotten patient", of: ["patient", service], .inTheEnd,
            counting: "SELECT count(*) FROM patient.hms_forgotten",
            breaking: "SELECT DISTINCT f.person_id || ': \(records)' FROM patient.hms_forgotten f \(join)")
    }
}
