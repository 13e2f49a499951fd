import Storage

/// The schema of the appointment service. A migration that was released is never edited; a change is a new one.
enum AppointmentMigrations {
    static let schema = Schema(
        sqlite: [appointments, eventsOfSteps, factsOfThePast, holdsOutsideHours, fewerWrites, countedDays], postgres: postgres)

    /// `seq` is the order of booking, by which lists are sorted. `clinic_day` is the slot's day on the clinic's calendar,
    /// counted from 1970-01-01: the day under whose cap the appointment was counted. `is_history` marks what was imported
    /// in a final status: nobody was told of it, and it has no bill.
    ///
    /// The two unique indexes and `doctor_days` keep booking rules 8–10, whatever runs at the same time. The step of a
    /// history is the appointment's version after it. `booking_holds` are of the real clock.
    private static let appointments = Migration(
        version: 1, name: "appointments",
        sql: """
            CREATE TABLE appointments (
                seq INTEGER PRIMARY KEY,
                appointment_id TEXT NOT NULL UNIQUE,
                patient_id TEXT NOT NULL,
                doctor_id TEXT NOT NULL,
                department TEXT NOT NULL,
                department_folded TEXT NOT NULL,
                slot_start BIGINT NOT NULL,
                slot_end BIGINT NOT NULL CHECK (slot_end = slot_start + 1800000),
                clinic_day BIGINT NOT NULL,
                status TEXT NOT NULL CHECK (status IN ('SCHEDULED', 'CHECKED_IN', 'COMPLETED', 'CANCELLED', 'NO_SHOW')),
                reschedule_count BIGINT NOT NULL CHECK (reschedule_count BETWEEN 0 AND 2),
                consultation_fee BIGINT NOT NULL CHECK (consultation_fee BETWEEN 1 AND 1000000000000),
                cancel_reason TEXT,
                cancelled_by TEXT CHECK (cancelled_by IN ('PATIENT', 'CLINIC')),
                fee_percent BIGINT CHECK (fee_percent IN (0, 50, 100)),
                is_history BIGINT NOT NULL CHECK (is_history IN (0, 1)),
                created_at BIGINT NOT NULL,
                version BIGINT NOT NULL CHECK (version >= 1),
                CHECK ((status IN ('CANCELLED', 'NO_SHOW')) = (fee_percent IS NOT NULL)),
                CHECK (status = 'CANCELLED' OR (cancelled_by IS NULL AND cancel_reason IS NULL))
            );
            CREATE UNIQUE INDEX active_slot_of_patient ON appointments (patient_id, slot_start)
                WHERE status IN ('SCHEDULED', 'CHECKED_IN');
            CREATE UNIQUE INDEX active_slot_of_doctor ON appointments (doctor_id, slot_start)
                WHERE status IN ('SCHEDULED', 'CHECKED_IN');
            CREATE INDEX appointments_by_patient ON appointments (patient_id, seq);
            CREATE INDEX appointments_by_doctor ON appointments (doctor_id, seq);
            CREATE INDEX appointments_by_department ON appointments (department_folded, seq);
            CREATE INDEX appointments_by_status ON appointments (status, seq);
            CREATE INDEX appointments_by_day ON appointments (clinic_day, doctor_id, status);
            CREATE TABLE appointment_steps (
                appointment_seq BIGINT NOT NULL REFERENCES appointments (seq),
                step BIGINT NOT NULL CHECK (step >= 1),
                status TEXT NOT NULL CHECK (status IN ('SCHEDULED', 'CHECKED_IN', 'COMPLETED', 'CANCELLED', 'NO_SHOW')),
                slot_start BIGINT NOT NULL,
                taken_at BIGINT NOT NULL,
                taken_by TEXT NOT NULL,
                reason TEXT,
                PRIMARY KEY (appointment_seq, step)
            );
            CREATE TABLE doctor_days (
                doctor_id TEXT NOT NULL,
                clinic_day BIGINT NOT NULL,
                booked BIGINT NOT NULL CONSTRAINT daily_cap CHECK (booked BETWEEN 0 AND 8),
                PRIMARY KEY (doctor_id, clinic_day)
            );
            CREATE TABLE booking_holds (
                person_id TEXT NOT NULL,
                from_at BIGINT NOT NULL,
                to_at BIGINT NOT NULL,
                expires_at BIGINT NOT NULL
            );
            CREATE INDEX booking_holds_by_person ON booking_holds (person_id, expires_at);
            CREATE TABLE doctor_department (
                doctor_id TEXT NOT NULL PRIMARY KEY,
                department TEXT NOT NULL,
                department_folded TEXT NOT NULL,
                active BIGINT NOT NULL CHECK (active IN (0, 1)),
                version BIGINT NOT NULL
            );
            """)

    /// `event_sequence` is the place in the outbox of the event that tells of a step; NULL where nobody is told. By it is
    /// known whether billing has heard that an appointment has ended. Steps of before get theirs from the outbox, as far as
    /// it goes back: what it has forgotten was delivered.
    private static let eventsOfSteps = Migration(
        version: 2, name: "events of steps",
        sql: """
            ALTER TABLE appointment_steps ADD COLUMN event_sequence BIGINT;
            CREATE INDEX outbox_by_aggregate ON hms_outbox (aggregate_id);
            UPDATE appointment_steps SET event_sequence = (
                SELECT max(o.sequence) FROM appointments a JOIN hms_outbox o ON o.aggregate_id = a.appointment_id
                WHERE a.seq = appointment_steps.appointment_seq
                    AND o.type IN ('appointment.completed', 'appointment.cancelled', 'appointment.no_show'))
            WHERE status IN ('COMPLETED', 'CANCELLED', 'NO_SHOW');
            DROP INDEX outbox_by_aggregate;
            """)

    /// A visit of the past (`is_history`) lasts as long as it lasted, is over, and has cost nothing here. It takes no place
    /// under the cap any more: what earlier imports have counted is counted again. For the new check the table is built
    /// anew; steps refer to its rows by their `seq`, which they keep.
    ///
    /// `appointment_sources` remembers which appointment a source id means, for ever. Lists by slot go over the indexes of
    /// starts.
    private static let factsOfThePast = Migration(
        version: 3, name: "facts of the past",
        sql: """
            CREATE TABLE appointments_of_before AS SELECT * FROM appointments;
            DROP TABLE appointments;
            CREATE TABLE appointments (
                seq INTEGER PRIMARY KEY,
                appointment_id TEXT NOT NULL UNIQUE,
                patient_id TEXT NOT NULL,
                doctor_id TEXT NOT NULL,
                department TEXT NOT NULL,
                department_folded TEXT NOT NULL,
                slot_start BIGINT NOT NULL,
                slot_end BIGINT NOT NULL,
                clinic_day BIGINT NOT NULL,
                status TEXT NOT NULL CHECK (status IN ('SCHEDULED', 'CHECKED_IN', 'COMPLETED', 'CANCELLED', 'NO_SHOW')),
                reschedule_count BIGINT NOT NULL CHECK (reschedule_count BETWEEN 0 AND 2),
                consultation_fee BIGINT NOT NULL CHECK (consultation_fee BETWEEN 1 AND 1000000000000),
                cancel_reason TEXT,
                cancelled_by TEXT CHECK (cancelled_by IN ('PATIENT', 'CLINIC')),
                fee_percent BIGINT CHECK (fee_percent IN (0, 50, 100)),
                is_history BIGINT NOT NULL CHECK (is_history IN (0, 1)),
                created_at BIGINT NOT NULL,
                version BIGINT NOT NULL CHECK (version >= 1),
                CHECK ((status IN ('CANCELLED', 'NO_SHOW')) = (fee_percent IS NOT NULL)),
                CHECK (status = 'CANCELLED' OR (cancelled_by IS NULL AND cancel_reason IS NULL)),
                CONSTRAINT slots_and_visits_last CHECK (
                    CASE is_history
                        WHEN 1 THEN slot_end > slot_start AND slot_end <= slot_start + 31622400000
                        ELSE slot_end = slot_start + 1800000
                    END),
                CONSTRAINT history_is_final_and_free CHECK (
                    is_history = 0
                    OR (status IN ('COMPLETED', 'CANCELLED', 'NO_SHOW') AND COALESCE(fee_percent, 0) = 0 AND reschedule_count = 0))
            );
            INSERT INTO appointments (seq, appointment_id, patient_id, doctor_id, department, department_folded, slot_start, slot_end,
                clinic_day, status, reschedule_count, consultation_fee, cancel_reason, cancelled_by, fee_percent, is_history, created_at,
                version)
            SELECT seq, appointment_id, patient_id, doctor_id, department, department_folded, slot_start, slot_end,
                clinic_day, status, reschedule_count, consultation_fee, cancel_reason, cancelled_by, fee_percent, is_history, created_at,
                version
            FROM appointments_of_before;
            DROP TABLE appointments_of_before;
            CREATE UNIQUE INDEX active_slot_of_patient ON appointments (patient_id, slot_start)
                WHERE status IN ('SCHEDULED', 'CHECKED_IN');
            CREATE UNIQUE INDEX active_slot_of_doctor ON appointments (doctor_id, slot_start)
                WHERE status IN ('SCHEDULED', 'CHECKED_IN');
            CREATE INDEX appointments_by_patient ON appointments (patient_id, seq);
            CREATE INDEX appointments_by_doctor ON appointments (doctor_id, seq);
            CREATE INDEX appointments_by_department ON appointments (department_folded, seq);
            CREATE INDEX appointments_by_status ON appointments (status, seq);
            CREATE INDEX appointments_by_day ON appointments (clinic_day, doctor_id, status, is_history);
            CREATE INDEX appointments_by_start ON appointments (slot_start, seq);
            CREATE INDEX appointments_by_start_of_doctor ON appointments (doctor_id, slot_start, seq);
            UPDATE doctor_days SET booked = (
                SELECT COUNT(*) FROM appointments a
                WHERE a.clinic_day = doctor_days.clinic_day AND a.doctor_id = doctor_days.doctor_id AND a.is_history = 0
                    AND a.status <> 'CANCELLED');
            CREATE TABLE appointment_sources (
                source TEXT NOT NULL,
                source_id TEXT NOT NULL,
                appointment_seq BIGINT NOT NULL REFERENCES appointments (seq),
                PRIMARY KEY (source, source_id)
            );
            CREATE INDEX appointment_sources_by_appointment ON appointment_sources (appointment_seq);
            """)

    /// `hours` are those outside of which a hold stands in the way, as `weekday start end` in minutes, by commas; NULL where it
    /// does everywhere.
    private static let holdsOutsideHours = Migration(
        version: 4, name: "holds outside hours", sql: "ALTER TABLE booking_holds ADD COLUMN hours TEXT;")

    /// A booking writes as few trees as keep the rules and find the lists. Whether an appointment is active stands last in
    /// the index of a person's starts: 0 where it is, NULL where it is not, and NULL is never a double. So one index keeps
    /// the rule and finds the person's appointments; the few of a patient are sorted. Steps and days stand in the order of
    /// their keys. PostgreSQL has no tables of that sort; there they stay as they are.
    private static let fewerWrites = Migration(
        version: 5, name: "fewer writes of a booking",
        sql: """
            DROP INDEX active_slot_of_patient;
            DROP INDEX active_slot_of_doctor;
            DROP INDEX appointments_by_patient;
            DROP INDEX appointments_by_start_of_doctor;
            CREATE UNIQUE INDEX active_slot_of_patient ON appointments
                (patient_id, slot_start, (CASE WHEN status IN ('SCHEDULED', 'CHECKED_IN') THEN 0 END));
            CREATE UNIQUE INDEX active_slot_of_doctor ON appointments
                (doctor_id, slot_start, (CASE WHEN status IN ('SCHEDULED', 'CHECKED_IN') THEN 0 END));
            ALTER TABLE appointment_steps RENAME TO appointment_steps_of_before;
            CREATE TABLE appointment_steps (
                appointment_seq BIGINT NOT NULL REFERENCES appointments (seq),
                step BIGINT NOT NULL CHECK (step >= 1),
                status TEXT NOT NULL CHECK (status IN ('SCHEDULED', 'CHECKED_IN', 'COMPLETED', 'CANCELLED', 'NO_SHOW')),
                slot_start BIGINT NOT NULL,
                taken_at BIGINT NOT NULL,
                taken_by TEXT NOT NULL,
                reason TEXT,
                event_sequence BIGINT,
                PRIMARY KEY (appointment_seq, step)
            ) WITHOUT ROWID;
            INSERT INTO appointment_steps (appointment_seq, step, status, slot_start, taken_at, taken_by, reason, event_sequence)
            SELECT appointment_seq, step, status, slot_start, taken_at, taken_by, reason, event_sequence
            FROM appointment_steps_of_before ORDER BY appointment_seq, step;
            DROP TABLE appointment_steps_of_before;
            ALTER TABLE doctor_days RENAME TO doctor_days_of_before;
            CREATE TABLE doctor_days (
                doctor_id TEXT NOT NULL,
                clinic_day BIGINT NOT NULL,
                booked BIGINT NOT NULL CONSTRAINT daily_cap CHECK (booked BETWEEN 0 AND 8),
                PRIMARY KEY (doctor_id, clinic_day)
            ) WITHOUT ROWID;
            INSERT INTO doctor_days (doctor_id, clinic_day, booked)
            SELECT doctor_id, clinic_day, booked FROM doctor_days_of_before ORDER BY doctor_id, clinic_day;
            DROP TABLE doctor_days_of_before;
            """)
}
