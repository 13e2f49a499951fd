import Storage

extension AppointmentMigrations {
    /// A doctor's day counts his appointments by what became of them, in one row: reports add up days instead of
    /// appointments, and the index over days that every booking and every step wrote into is gone. Visits of the past are
    /// counted apart (`history_…`), and take no place under the cap. Days come first in the key: bookings of one time write
    /// into the same few pages, whoever the doctors are.
    static let countedDays = Migration(
        version: 6, name: "counters of a doctor's day",
        sql: """
            DROP TABLE doctor_days;
            CREATE TABLE doctor_days (
                clinic_day BIGINT NOT NULL,
                doctor_id TEXT NOT NULL,
                scheduled BIGINT NOT NULL DEFAULT 0,
                checked_in BIGINT NOT NULL DEFAULT 0,
                completed BIGINT NOT NULL DEFAULT 0,
                cancelled BIGINT NOT NULL DEFAULT 0,
                no_show BIGINT NOT NULL DEFAULT 0,
                history_completed BIGINT NOT NULL DEFAULT 0,
                history_cancelled BIGINT NOT NULL DEFAULT 0,
                history_no_show BIGINT NOT NULL DEFAULT 0,
                CONSTRAINT daily_cap CHECK (scheduled + checked_in + completed + no_show BETWEEN 0 AND 8),
                CONSTRAINT counted CHECK (
                    scheduled >= 0 AND checked_in >= 0 AND completed >= 0 AND cancelled >= 0 AND no_show >= 0
                    AND history_completed >= 0 AND history_cancelled >= 0 AND history_no_show >= 0),
                PRIMARY KEY (clinic_day, doctor_id)
            ) WITHOUT ROWID;
            INSERT INTO doctor_days (clinic_day, doctor_id, scheduled, checked_in, completed, cancelled, no_show, history_completed,
                history_cancelled, history_no_show)
            SELECT clinic_day, doctor_id,
                SUM(CASE WHEN is_history = 0 AND status = 'SCHEDULED' THEN 1 ELSE 0 END),
                SUM(CASE WHEN is_history = 0 AND status = 'CHECKED_IN' THEN 1 ELSE 0 END),
                SUM(CASE WHEN is_history = 0 AND status = 'COMPLETED' THEN 1 ELSE 0 END),
                SUM(CASE WHEN is_history = 0 AND status = 'CANCELLED' THEN 1 ELSE 0 END),
                SUM(CASE WHEN is_history = 0 AND status = 'NO_SHOW' THEN 1 ELSE 0 END),
                SUM(CASE WHEN is_history = 1 AND status = 'COMPLETED' THEN 1 ELSE 0 END),
                SUM(CASE WHEN is_history = 1 AND status = 'CANCELLED' THEN 1 ELSE 0 END),
                SUM(CASE WHEN is_history = 1 AND status = 'NO_SHOW' THEN 1 ELSE 0 END)
            FROM appointments GROUP BY clinic_day, doctor_id ORDER BY clinic_day, doctor_id;
            DROP INDEX appointments_by_day;
            """)
}
