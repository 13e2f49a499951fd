import Storage

/// The schema of the prescription service. A migration that was released is never edited; a change is a new one.
enum PrescriptionMigrations {
    static let all = [prescriptions]

    /// `seq` is the order of issue or import, by which lists are sorted.
    private static let prescriptions = Migration(
        version: 1, name: "prescriptions",
        sql: """
            CREATE TABLE prescriptions (
                seq INTEGER PRIMARY KEY,
                prescription_id TEXT NOT NULL UNIQUE,
                appointment_id TEXT NOT NULL,
                patient_id TEXT NOT NULL,
                doctor_id TEXT NOT NULL,
                medication TEXT NOT NULL,
                dosage TEXT NOT NULL,
                days INTEGER NOT NULL CHECK (days BETWEEN 1 AND 365),
                status TEXT NOT NULL CHECK (status IN ('ACTIVE', 'CANCELLED')),
                override_reason TEXT,
                cancel_reason TEXT,
                issued_at BIGINT NOT NULL,
                created_at BIGINT NOT NULL,
                version BIGINT NOT NULL CHECK (version >= 1),
                CHECK ((status = 'CANCELLED') = (cancel_reason IS NOT NULL))
            );
            CREATE INDEX prescriptions_by_appointment ON prescriptions (appointment_id, seq);
            CREATE INDEX prescriptions_by_patient ON prescriptions (patient_id, seq);
            CREATE INDEX prescriptions_by_doctor ON prescriptions (doctor_id, seq);
            """)
}
