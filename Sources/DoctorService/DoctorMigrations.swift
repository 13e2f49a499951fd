import Storage

/// The schema of the doctor service. A migration that was released is never edited; a change is a new one.
enum DoctorMigrations {
    static let schema = Schema(sqlite: [doctors, leavesByEnd, departments, sourceIDs], postgres: postgres)

    /// `seq` is the order of registration, by which lists are sorted. `…_folded` is what searches compare.
    /// Hours are minutes since the clinic's midnight; a doctor without a row in `schedules` works the clinic's hours.
    /// A leave that was removed keeps its row, so that removing it again is known to be the same removal.
    private static let doctors = Migration(
        version: 1, name: "doctors",
        sql: """
            CREATE TABLE doctors (
                seq INTEGER PRIMARY KEY,
                doctor_id TEXT NOT NULL UNIQUE,
                name TEXT NOT NULL,
                name_folded TEXT NOT NULL,
                email TEXT,
                phone TEXT,
                department TEXT NOT NULL,
                department_folded TEXT NOT NULL,
                specialization TEXT NOT NULL,
                specialization_folded TEXT NOT NULL,
                consultation_fee BIGINT CHECK (consultation_fee BETWEEN 1 AND 1000000000000),
                status TEXT NOT NULL CHECK (status IN ('ACTIVE', 'INACTIVE')),
                created_at BIGINT NOT NULL,
                version BIGINT NOT NULL CHECK (version >= 1)
            );
            CREATE INDEX doctors_by_department ON doctors (department_folded, seq);
            CREATE INDEX doctors_by_specialization ON doctors (specialization_folded, seq);
            CREATE TABLE schedules (
                doctor_id TEXT NOT NULL PRIMARY KEY REFERENCES doctors (doctor_id),
                version BIGINT NOT NULL CHECK (version >= 1)
            );
            CREATE TABLE working_hours (
                doctor_id TEXT NOT NULL REFERENCES schedules (doctor_id),
                weekday INTEGER NOT NULL CHECK (weekday BETWEEN 1 AND 7),
                start_minute INTEGER NOT NULL CHECK (start_minute >= 0),
                end_minute INTEGER NOT NULL CHECK (end_minute > start_minute AND end_minute <= 1440),
                PRIMARY KEY (doctor_id, weekday, start_minute)
            );
            CREATE TABLE leaves (
                seq INTEGER PRIMARY KEY,
                leave_id TEXT NOT NULL UNIQUE,
                doctor_id TEXT NOT NULL REFERENCES doctors (doctor_id),
                start_at BIGINT NOT NULL,
                end_at BIGINT NOT NULL CHECK (end_at > start_at),
                reason TEXT NOT NULL,
                created_at BIGINT NOT NULL,
                removed_at BIGINT
            );
            CREATE INDEX leaves_by_doctor ON leaves (doctor_id, seq) WHERE removed_at IS NULL;
            """)

    /// A booking asks for the leaves that are not over.
    private static let leavesByEnd = Migration(
        version: 2, name: "leaves by end",
        sql: "CREATE INDEX leaves_by_end ON leaves (doctor_id, end_at) WHERE removed_at IS NULL;")

    /// Free slots are looked for department by department, in the order of ids. `deactivated_at` is when a doctor became
    /// INACTIVE, NULL where that was before it was noted.
    private static let departments = Migration(
        version: 3, name: "departments by id, and when a doctor left",
        sql: """
            CREATE INDEX doctors_active_by_department ON doctors (department_folded, doctor_id) WHERE status = 'ACTIVE';
            ALTER TABLE doctors ADD COLUMN deactivated_at BIGINT;
            """)

    /// What other systems call doctors: one doctor for each id, one id of each system for a doctor. `said_…` is what the system
    /// has said of him last. An import looks for doctors of one name and work.
    private static let sourceIDs = Migration(
        version: 4, name: "source ids",
        sql: """
            CREATE TABLE source_ids (
                source TEXT NOT NULL,
                source_id TEXT NOT NULL,
                doctor_id TEXT NOT NULL REFERENCES doctors (doctor_id),
                said_name TEXT NOT NULL,
                said_department TEXT NOT NULL,
                said_specialization TEXT NOT NULL,
                remembered_at BIGINT NOT NULL,
                PRIMARY KEY (source, source_id)
            );
            CREATE UNIQUE INDEX source_ids_of_doctor ON source_ids (doctor_id, source);
            CREATE INDEX doctors_by_name_and_work ON doctors (name_folded, department_folded, specialization_folded);
            """)
}
