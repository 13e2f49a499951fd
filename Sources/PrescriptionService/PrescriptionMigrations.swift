import Storage

/// The schema of the prescription service. A migration that was released is never edited; a change is a new one.
enum PrescriptionMigrations {
    static let schema = Schema(sqlite: [prescriptions, sources], postgres: postgres)

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

    /// `imported` marks what another system has issued; what earlier imports have brought is known by its two times.
    /// `prescription_sources` remembers which prescription a source id means, for ever.
    private static let sources = Migration(
        version: 2, name: "sources of imports",
        sql: """
            ALTER TABLE prescriptions ADD COLUMN imported BIGINT NOT NULL DEFAULT 0 CHECK (imported IN (0, 1));
            UPDATE prescriptions SET imported = 1 WHERE issued_at <> created_at;
            CREATE TABLE prescription_sources (
                source TEXT NOT NULL,
                source_id TEXT NOT NULL,
                prescription_seq BIGINT NOT NULL REFERENCES prescriptions (seq),
                PRIMARY KEY (source, source_id)
            );
            CREATE INDEX prescription_sources_by_prescription ON prescription_sources (prescription_seq);
            """)
}
