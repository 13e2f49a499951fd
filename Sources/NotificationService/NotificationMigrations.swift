import Storage

/// The schema of the notification service. A migration that was released is never edited; a change is a new one.
enum NotificationMigrations {
    static let schema = Schema(sqlite: [notifications, retention, visits, doctorsToo, webhooks, events, sealedSecrets], postgres: postgres)

    /// An announcement is that a person is to be told of an event; a notification is what he is told, by one channel.
    /// `due_at` is of the hospital's clock, `next_attempt_at` of the real one. A notification that somebody wrote has no event.
    private static let notifications = Migration(
        version: 1, name: "announcements and notifications",
        sql: """
            CREATE TABLE announcements (
                seq INTEGER PRIMARY KEY,
                event_id TEXT NOT NULL,
                event_type TEXT NOT NULL,
                audience TEXT NOT NULL CHECK (audience IN ('PATIENT', 'DOCTOR')),
                recipient_id TEXT NOT NULL,
                reference TEXT NOT NULL,
                slot_start BIGINT,
                previous_slot_start BIGINT,
                by_clinic INTEGER NOT NULL CHECK (by_clinic IN (0, 1)),
                amount BIGINT,
                currency TEXT,
                correlation_id TEXT NOT NULL,
                due_at BIGINT NOT NULL,
                status TEXT NOT NULL CHECK (status IN ('WAITING', 'DONE', 'DROPPED')),
                attempts BIGINT NOT NULL,
                next_attempt_at BIGINT NOT NULL
            );
            CREATE UNIQUE INDEX announcements_by_event ON announcements (event_id, recipient_id);
            CREATE INDEX announcements_waiting ON announcements (due_at, seq) WHERE status = 'WAITING';
            CREATE TABLE notifications (
                seq INTEGER PRIMARY KEY,
                notification_id TEXT NOT NULL UNIQUE,
                event_id TEXT,
                event_type TEXT NOT NULL,
                channel TEXT NOT NULL CHECK (channel IN ('EMAIL', 'SMS')),
                recipient TEXT NOT NULL,
                recipient_id TEXT NOT NULL,
                subject TEXT,
                message TEXT NOT NULL,
                metadata TEXT NOT NULL,
                correlation_id TEXT NOT NULL,
                status TEXT NOT NULL CHECK (status IN ('PENDING', 'SENT', 'FAILED')),
                attempts BIGINT NOT NULL CHECK (attempts BETWEEN 0 AND 8),
                last_error TEXT,
                sent_at BIGINT,
                next_attempt_at BIGINT NOT NULL,
                created_at BIGINT NOT NULL,
                version BIGINT NOT NULL CHECK (version >= 1),
                CHECK ((status = 'SENT') = (sent_at IS NOT NULL))
            );
            CREATE UNIQUE INDEX notifications_by_event ON notifications (event_id, recipient_id, channel) WHERE event_id IS NOT NULL;
            CREATE INDEX notifications_pending ON notifications (channel, next_attempt_at, seq) WHERE status = 'PENDING';
            CREATE INDEX notifications_by_recipient ON notifications (recipient_id, seq);
            CREATE INDEX notifications_by_status ON notifications (status, seq);
            CREATE INDEX notifications_by_type ON notifications (event_type, seq);
            """)

    /// What old records are found by.
    private static let retention = Migration(
        version: 2, name: "retention",
        sql: """
            CREATE INDEX notifications_ended ON notifications (created_at) WHERE status <> 'PENDING';
            CREATE INDEX announcements_ended ON announcements (due_at) WHERE status <> 'WAITING';
            """)

    /// The visit that an announcement is about, as far as its event says: texts name the doctor and the department.
    private static let visits = Migration(
        version: 3, name: "visits that people are told of",
        sql: """
            ALTER TABLE announcements ADD COLUMN appointment_id TEXT;
            ALTER TABLE announcements ADD COLUMN doctor_id TEXT;
            ALTER TABLE announcements ADD COLUMN department TEXT;
            """)

    /// One announcement tells a patient and, where `tells_doctor` is 1, the doctor of the visit; it was one for each before.
    private static let doctorsToo = Migration(
        version: 4, name: "doctors who are told with their patients",
        sql: "ALTER TABLE announcements ADD COLUMN tells_doctor BIGINT NOT NULL DEFAULT 0 CHECK (tells_doctor IN (0, 1));")

    /// Programs that are told of events, by which of them each is told, and what each was told or is to be told. `event_types` says
    /// the same as `webhook_events`, which finds the webhooks of an event. `next_attempt_at` is of the real clock.
    private static let webhooks = Migration(
        version: 5, name: "webhooks",
        sql: """
            CREATE TABLE webhooks (
                seq INTEGER PRIMARY KEY,
                webhook_id TEXT NOT NULL UNIQUE,
                url TEXT NOT NULL,
                event_types TEXT NOT NULL,
                secret TEXT NOT NULL,
                created_at BIGINT NOT NULL,
                version BIGINT NOT NULL CHECK (version >= 1)
            );
            CREATE TABLE webhook_events (
                event_type TEXT NOT NULL,
                webhook_id TEXT NOT NULL,
                PRIMARY KEY (event_type, webhook_id)
            );
            CREATE INDEX webhook_events_by_webhook ON webhook_events (webhook_id);
            CREATE TABLE webhook_deliveries (
                seq INTEGER PRIMARY KEY,
                delivery_id TEXT NOT NULL UNIQUE,
                webhook_id TEXT NOT NULL,
                event_id TEXT NOT NULL,
                event_type TEXT NOT NULL,
                body TEXT NOT NULL,
                correlation_id TEXT NOT NULL,
                status TEXT NOT NULL CHECK (status IN ('PENDING', 'SENT', 'FAILED')),
                attempts BIGINT NOT NULL CHECK (attempts BETWEEN 0 AND 8),
                last_error TEXT,
                sent_at BIGINT,
                next_attempt_at BIGINT NOT NULL,
                created_at BIGINT NOT NULL,
                version BIGINT NOT NULL CHECK (version >= 1),
                CHECK ((status = 'SENT') = (sent_at IS NOT NULL))
            );
            CREATE UNIQUE INDEX webhook_deliveries_by_event ON webhook_deliveries (webhook_id, event_id);
            CREATE INDEX webhook_deliveries_pending ON webhook_deliveries (next_attempt_at, seq) WHERE status = 'PENDING';
            CREATE INDEX webhook_deliveries_by_webhook ON webhook_deliveries (webhook_id, seq);
            CREATE INDEX webhook_deliveries_by_status ON webhook_deliveries (webhook_id, status, seq);
            CREATE INDEX webhook_deliveries_ended ON webhook_deliveries (created_at) WHERE status <> 'PENDING';
            """)

    /// What has happened in the hospital, in the order in which it was heard of; `body` is what webhooks are posted. The newest
    /// is never deleted, so that no `seq` is used again. What is due is looked for webhook by webhook.
    private static let events = Migration(
        version: 6, name: "events",
        sql: """
            CREATE TABLE events (
                seq INTEGER PRIMARY KEY,
                event_id TEXT NOT NULL UNIQUE,
                event_type TEXT NOT NULL,
                occurred_at BIGINT NOT NULL,
                received_at BIGINT NOT NULL,
                body TEXT NOT NULL
            );
            CREATE INDEX events_by_type ON events (event_type, seq);
            CREATE INDEX events_by_time ON events (occurred_at, seq);
            CREATE INDEX events_by_receipt ON events (received_at, seq);
            DROP INDEX webhook_deliveries_pending;
            CREATE INDEX webhook_deliveries_due ON webhook_deliveries (webhook_id, next_attempt_at, seq) WHERE status = 'PENDING';
            """)

    /// What the migration is called that makes room for sealed secrets.
    static let sealing = "secrets of webhooks that are sealed"

    /// The secret of a webhook, closed by a key that is not in the database; `secret` is empty then, or says that its open form may still
    /// be in free pages.
    private static let sealedSecrets = Migration(
        version: 7, name: sealing,
        sql: "ALTER TABLE webhooks ADD COLUMN sealed_secret TEXT;")
}
