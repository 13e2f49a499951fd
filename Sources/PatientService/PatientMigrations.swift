import Storage

/// The schema of the patient service. A migration that was released is never edited; a change is a new one.
enum PatientMigrations {
    static let schema = Schema(sqlite: [patients, sourceIDs, phoneEnds, forgotten], postgres: postgres)

    /// `seq` is the order of registration: lists are sorted by it, and the name index knows patients by it.
    /// `name_folded`, `email_lower` and `phone_digits` are what searches compare. `allergies` holds one a line.
    ///
    /// The last statement is SQLite's alone; ``PatientNameStore`` says what stands for it on PostgreSQL.
    private static let patients = Migration(
        version: 1, name: "patients",
        sql: """
            CREATE TABLE patients (
                seq INTEGER PRIMARY KEY,
                patient_id TEXT NOT NULL UNIQUE,
                name TEXT NOT NULL,
                name_folded TEXT NOT NULL,
                email TEXT,
                email_lower TEXT,
                phone TEXT,
                phone_digits TEXT,
                dob TEXT NOT NULL CHECK (length(dob) = 10 AND dob >= '1900-01-01'),
                allergies TEXT NOT NULL,
                status TEXT NOT NULL CHECK (status IN ('ACTIVE', 'INACTIVE')),
                created_at BIGINT NOT NULL,
                version BIGINT NOT NULL CHECK (version >= 1)
            );
            CREATE INDEX patients_by_dob_and_name ON patients (dob, name_folded);
            CREATE INDEX patients_by_status ON patients (status, seq);
            CREATE INDEX patients_by_email ON patients (email_lower, seq) WHERE email_lower IS NOT NULL;
            CREATE INDEX patients_by_phone ON patients (phone_digits, seq) WHERE phone_digits IS NOT NULL;
            CREATE VIRTUAL TABLE name_grams USING fts5 (grams, content='', detail=none, columnsize=0, tokenize='ascii');
            """)

    /// What other systems call patients: one patient for each id, one id of each system for a patient. `said_…` is what the
    /// system has said of him last.
    private static let sourceIDs = Migration(
        version: 2, name: "source ids",
        sql: """
            CREATE TABLE source_ids (
                source TEXT NOT NULL,
                source_id TEXT NOT NULL,
                patient_id TEXT NOT NULL REFERENCES patients (patient_id),
                said_name TEXT NOT NULL,
                said_dob TEXT NOT NULL,
                remembered_at BIGINT NOT NULL,
                PRIMARY KEY (source, source_id)
            );
            CREATE UNIQUE INDEX source_ids_of_patient ON source_ids (patient_id, source);
            """)

    /// `phone_reversed` is the number as it is compared, from its last digit to the first, so that a number is found by its
    /// end. The service fills it at its next start.
    private static let phoneEnds = Migration(
        version: 3, name: "numbers by their ends",
        sql: """
            DROP INDEX patients_by_phone;
            ALTER TABLE patients DROP COLUMN phone_digits;
            ALTER TABLE patients ADD COLUMN phone_reversed TEXT;
            CREATE INDEX patients_by_phone_end ON patients (phone_reversed) WHERE phone_reversed IS NOT NULL;
            """)

    /// `forgotten_at` is when he was forgotten, by the hospital's clock; NULL of everybody else.
    private static let forgotten = Migration(
        version: 4, name: "who was forgotten", sql: "ALTER TABLE patients ADD COLUMN forgotten_at BIGINT;")
}
