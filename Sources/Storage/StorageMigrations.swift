/// Storage's own tables. The PostgreSQL engine has its own first migration, which differs in one line: `sequence` is
/// `BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY` there.
let storageMigrations = [
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
            """)
]
