/// Storage's own tables in SQLite.
let sqliteStorageMigrations = [
    Migration(
        version: 1, name: "outbox, inbox and idempotency records",
        sql: """
            CREATE TABLE hms_outbox (
                sequence INTEGER PRIMARY KEY AUTOINCREMENT,
                event_id TEXT NOT NULL UNIQUE,
                type TEXT NOT NULL,
                aggregate_id TEXT NOT NULL,
                payload BLOB NOT NULL,
                correlation_id TEXT NOT NULL,
                created_at BIGINT NOT NULL
            );
            CREATE TABLE hms_outbox_cursors (
                subscriber TEXT NOT NULL PRIMARY KEY,
                position BIGINT NOT NULL
            );
            CREATE TABLE hms_outbox_held (
                subscriber TEXT NOT NULL,
                sequence BIGINT NOT NULL,
                aggregate_id TEXT NOT NULL,
                attempts BIGINT NOT NULL,
                PRIMARY KEY (subscriber, sequence)
            );
            CREATE INDEX hms_outbox_held_by_aggregate ON hms_outbox_held (subscriber, aggregate_id, sequence);
            CREATE TABLE hms_outbox_dead (
                subscriber TEXT NOT NULL,
                sequence BIGINT NOT NULL,
                reason TEXT NOT NULL,
                attempts BIGINT NOT NULL,
                PRIMARY KEY (subscriber, sequence)
            );
            CREATE TABLE hms_inbox (
                consumer TEXT NOT NULL,
                event_id TEXT NOT NULL,
                received_at BIGINT NOT NULL,
                PRIMARY KEY (consumer, event_id)
            );
            CREATE INDEX hms_inbox_by_age ON hms_inbox (received_at);
            CREATE TABLE hms_idempotency (
                caller TEXT NOT NULL,
                method TEXT NOT NULL,
                key TEXT NOT NULL,
                fingerprint BLOB NOT NULL,
                status BIGINT NOT NULL,
                response BLOB NOT NULL,
                created_at BIGINT NOT NULL,
                keep_forever BIGINT NOT NULL,
                PRIMARY KEY (caller, method, key)
            );
            CREATE INDEX hms_idempotency_by_age ON hms_idempotency (created_at) WHERE keep_forever = 0;
            """),
    // `due_at` is the real time in milliseconds at which the oldest event of an aggregate that is set aside is tried again;
    // those that wait behind it have none. `mark` is the event that the subscriber applied last; everything up to `checked`
    // was found applied, which begins anew when the subscriber was set back. A receipt whose sender did not say the event's
    // place has the place 0.
    Migration(
        version: 2, name: "places, receipts and what receivers have lost",
        sql: """
            CREATE INDEX hms_outbox_by_type ON hms_outbox (type, sequence);
            ALTER TABLE hms_outbox_cursors ADD COLUMN mark TEXT;
            ALTER TABLE hms_outbox_cursors ADD COLUMN mark_sequence BIGINT NOT NULL DEFAULT 0;
            ALTER TABLE hms_outbox_cursors ADD COLUMN checked BIGINT NOT NULL DEFAULT 0;
            ALTER TABLE hms_outbox_cursors ADD COLUMN set_backs BIGINT NOT NULL DEFAULT 0;
            UPDATE hms_outbox_cursors SET checked = position;
            ALTER TABLE hms_outbox_held ADD COLUMN tries BIGINT NOT NULL DEFAULT 0;
            ALTER TABLE hms_outbox_held ADD COLUMN due_at BIGINT;
            UPDATE hms_outbox_held SET due_at = 0 WHERE NOT EXISTS (
                SELECT 1 FROM hms_outbox_held older WHERE older.subscriber = hms_outbox_held.subscriber
                AND older.aggregate_id = hms_outbox_held.aggregate_id AND older.sequence < hms_outbox_held.sequence);
            CREATE INDEX hms_outbox_held_due ON hms_outbox_held (subscriber, due_at, sequence) WHERE due_at IS NOT NULL;
            CREATE INDEX hms_outbox_held_by_sequence ON hms_outbox_held (sequence);
            ALTER TABLE hms_outbox_dead ADD COLUMN died_at BIGINT NOT NULL DEFAULT 0;
            CREATE INDEX hms_outbox_dead_by_sequence ON hms_outbox_dead (sequence);
            ALTER TABLE hms_inbox ADD COLUMN producer TEXT NOT NULL DEFAULT '';
            ALTER TABLE hms_inbox ADD COLUMN place BIGINT NOT NULL DEFAULT 0;
            DROP INDEX hms_inbox_by_age;
            CREATE INDEX hms_inbox_by_age ON hms_inbox (received_at) WHERE place = 0;
            CREATE INDEX hms_inbox_by_place ON hms_inbox (producer, place) WHERE place > 0;
            """),
    // How the columns were made that are made of others, as folded names are; nothing where none were yet.
    Migration(
        version: 3, name: "the recipe of derived columns",
        sql: """
            CREATE TABLE hms_recipe (
                only BIGINT NOT NULL PRIMARY KEY CHECK (only = 1),
                recipe TEXT NOT NULL
            );
            """),
    // Receipts stand in the order of their key, and are written once. PostgreSQL has no such tables, and no such migration.
    Migration(
        version: 4, name: "receipts by their key",
        sql: """
            ALTER TABLE hms_inbox RENAME TO hms_inbox_of_before;
            DROP INDEX hms_inbox_by_age;
            DROP INDEX hms_inbox_by_place;
            CREATE TABLE hms_inbox (
                consumer TEXT NOT NULL,
                event_id TEXT NOT NULL,
                received_at BIGINT NOT NULL,
                producer TEXT NOT NULL DEFAULT '',
                place BIGINT NOT NULL DEFAULT 0,
                PRIMARY KEY (consumer, event_id)
            ) WITHOUT ROWID;
            INSERT INTO hms_inbox (consumer, event_id, received_at, producer, place)
            SELECT consumer, event_id, received_at, producer, place FROM hms_inbox_of_before ORDER BY consumer, event_id;
            DROP TABLE hms_inbox_of_before;
            CREATE INDEX hms_inbox_by_age ON hms_inbox (received_at) WHERE place = 0;
            CREATE INDEX hms_inbox_by_place ON hms_inbox (producer, place) WHERE place > 0;
            """),
    // Without AUTOINCREMENT, whose own table every event wrote into: a place is never used again because the purge keeps the
    // last event. Where all had been forgotten, a stand-in of no type keeps the last place. Nor is there an index by type:
    // the purge goes through the events in their order.
    Migration(
        version: 5, name: "fewer writes of an event",
        sql: """
            ALTER TABLE hms_outbox RENAME TO hms_outbox_of_before;
            DROP INDEX hms_outbox_by_type;
            CREATE TABLE hms_outbox (
                sequence INTEGER PRIMARY KEY,
                event_id TEXT NOT NULL UNIQUE,
                type TEXT NOT NULL,
                aggregate_id TEXT NOT NULL,
                payload BLOB NOT NULL,
                correlation_id TEXT NOT NULL,
                created_at BIGINT NOT NULL
            );
            INSERT INTO hms_outbox (sequence, event_id, type, aggregate_id, payload, correlation_id, created_at)
            SELECT sequence, event_id, type, aggregate_id, payload, correlation_id, created_at
            FROM hms_outbox_of_before ORDER BY sequence;
            INSERT INTO hms_outbox (sequence, event_id, type, aggregate_id, payload, correlation_id, created_at)
            SELECT seq, 'last place', '', '', x'', '', 0 FROM sqlite_sequence
            WHERE name = 'hms_outbox_of_before' AND seq > COALESCE((SELECT max(sequence) FROM hms_outbox), 0);
            DROP TABLE hms_outbox_of_before;
            """),
    // Calendar days since noon of the year -4713 into milliseconds since 1970.
    Migration(
        version: 6, name: "a clock for all who share the database",
        sql: """
            CREATE VIEW hms_clock AS SELECT CAST(round((julianday('now') - 2440587.5) * 86400000) AS INTEGER) AS milliseconds;
            """),
    // Rows are written as calls end and never changed: their places in the chain stand in a table of their own. What may be deleted
    // is what a purge has written down before.
    Migration(
        version: 7, name: "what was read and changed, by whom",
        sql: """
            CREATE TABLE hms_audit (
                sequence INTEGER PRIMARY KEY,
                recorded_at BIGINT NOT NULL,
                actor TEXT NOT NULL,
                role TEXT NOT NULL,
                address TEXT NOT NULL,
                correlation_id TEXT NOT NULL,
                method TEXT NOT NULL,
                kind TEXT NOT NULL CHECK (kind IN ('read', 'change')),
                patients TEXT NOT NULL,
                records TEXT NOT NULL,
                fields TEXT NOT NULL,
                result TEXT NOT NULL,
                reason TEXT NOT NULL
            );
            CREATE TABLE hms_audit_chain (
                place INTEGER PRIMARY KEY,
                sequence BIGINT NOT NULL UNIQUE,
                hash BLOB NOT NULL
            );
            CREATE TABLE hms_audit_purges (
                place INTEGER PRIMARY KEY,
                hash BLOB NOT NULL,
                purged_at BIGINT NOT NULL
            );
            CREATE TRIGGER hms_audit_unchanged BEFORE UPDATE ON hms_audit
            BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
            CREATE TRIGGER hms_audit_kept BEFORE DELETE ON hms_audit
            WHEN NOT EXISTS (SELECT 1 FROM hms_audit_chain c JOIN hms_audit_purges p ON p.place >= c.place WHERE c.sequence = OLD.sequence)
            BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
            CREATE TRIGGER hms_audit_chain_unchanged BEFORE UPDATE ON hms_audit_chain
            BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
            CREATE TRIGGER hms_audit_chain_kept BEFORE DELETE ON hms_audit_chain
            WHEN NOT EXISTS (SELECT 1 FROM hms_audit_purges p WHERE p.place >= OLD.place)
            BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
            CREATE TRIGGER hms_audit_purges_unchanged BEFORE UPDATE ON hms_audit_purges
            BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
            CREATE TRIGGER hms_audit_purges_kept BEFORE DELETE ON hms_audit_purges
            BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
            """),
    Migration(
        version: 8, name: "what events are part of",
        sql: "ALTER TABLE hms_outbox ADD COLUMN traceparent TEXT;"),
    // Who was forgotten, and how far that has come: see ErasureStage. `told_at` is of the database's clock.
    Migration(
        version: 9, name: "who was forgotten",
        sql: """
            CREATE TABLE hms_forgotten (
                person_id TEXT NOT NULL PRIMARY KEY,
                forgotten_at BIGINT NOT NULL,
                told_at BIGINT NOT NULL,
                stage BIGINT NOT NULL CHECK (stage IN (0, 1, 2))
            );
            CREATE INDEX hms_forgotten_unsettled ON hms_forgotten (told_at) WHERE stage < 2;
            """),
    Migration(
        version: 10, name: "heads of other services' audits",
        sql: """
            CREATE TABLE hms_audit_anchors (
                service TEXT NOT NULL,
                place BIGINT NOT NULL,
                hash BLOB NOT NULL,
                kept_at BIGINT NOT NULL,
                PRIMARY KEY (service, place, hash)
            ) WITHOUT ROWID;
            CREATE TRIGGER hms_audit_anchors_unchanged BEFORE UPDATE ON hms_audit_anchors
            BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
            CREATE TRIGGER hms_audit_anchors_kept BEFORE DELETE ON hms_audit_anchors
            BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
            """),
    // What doctors have read of people whom they do not treat is listed without a look at all else. Heads may go when they are old, but
    // for the newest of each service, which says where its chain must end.
    Migration(
        version: 11, name: "emergencies by index, and an end of old heads",
        sql: """
            CREATE INDEX hms_audit_emergencies ON hms_audit (sequence) WHERE result = 'EMERGENCY_ACCESS';
            CREATE INDEX hms_audit_anchors_age ON hms_audit_anchors (kept_at);
            DROP TRIGGER hms_audit_anchors_kept;
            CREATE TRIGGER hms_audit_anchors_kept BEFORE DELETE ON hms_audit_anchors
            WHEN OLD.kept_at > (SELECT milliseconds FROM hms_clock) - 86400000
                OR NOT EXISTS (SELECT 1 FROM hms_audit_anchors a WHERE a.service = OLD.service AND a.place > OLD.place)
            BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
            """),
    // By its age a head shows that what it is about was forgotten too soon.
    Migration(
        version: 12, name: "the age of heads of other services' audits",
        sql: "ALTER TABLE hms_audit_anchors ADD COLUMN recorded_at BIGINT;"),
    Migration(
        version: 13, name: "what others write beside the trace of events",
        sql: "ALTER TABLE hms_outbox ADD COLUMN tracestate TEXT;"),
]
