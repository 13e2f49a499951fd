import Contracts
import NotificationRules
import ServiceKit
import Storage
import Vocabulary

/// A webhook as the table holds it, with what only its maker is told.
struct StoredWebhook: StoredRecord {
    static let kind = RecordKind.webhook
    static let table = "webhooks"
    static let columns = "seq, webhook_id, url, event_types, secret, created_at, version, sealed_secret"

    let sequence: Int64
    /// Without its secret.
    let webhook: Webhook
    let secret: KeptSecret

    init(_ row: borrowing Row) throws {
        sequence = row.int64(0)
        webhook = Webhook(
            webhookID: row.text(1), url: row.text(2), eventTypes: row.text(3).split(separator: " ").map(String.init),
            createdAt: ProtobufTimestamp(Instant(millisecondsSinceEpoch: row.int64(5))), version: row.int64(6))
        secret = KeptSecret(plain: row.text(4), sealed: row.textOrNil(7))
    }
}

/// What a webhook is told, as the table holds it.
struct StoredWebhookDelivery: StoredRecord {
    static let kind = RecordKind.delivery
    static let table = "webhook_deliveries"
    static let columns = """
        seq, delivery_id, webhook_id, event_id, event_type, body, correlation_id, status, attempts, last_error, sent_at, created_at, version
        """

    let sequence: Int64
    let delivery: WebhookDelivery
    /// What is posted.
    let body: String
    let correlationID: String

    init(_ row: borrowing Row) throws {
        sequence = row.int64(0)
        body = row.text(5)
        correlationID = row.text(6)
        delivery = WebhookDelivery(
            deliveryID: row.text(1), webhookID: row.text(2), eventID: row.text(3), eventType: row.text(4), status: try row.word(7),
            attempts: Int32(truncatingIfNeeded: row.int(8)), lastError: row.textOrNil(9),
            sentAt: row.int64OrNil(10).map { ProtobufTimestamp(Instant(millisecondsSinceEpoch: $0)) },
            createdAt: ProtobufTimestamp(Instant(millisecondsSinceEpoch: row.int64(11))), version: row.int64(12))
    }
}

extension Reader {
    /// - Throws: `WEBHOOK_NOT_FOUND`.
    func webhook(_ webhookID: String) throws -> StoredWebhook {
        try record(webhookID)
    }

    /// Newest first.
    func webhooks(on page: PageRequest<Int64>) throws -> ListPage<StoredWebhook> {
        try newest(page, where: ListConditions(before: page.position))
    }

    /// Those that want to be told of events of this type.
    func webhooks(hearing eventType: String) throws -> [String] {
        try rows("SELECT webhook_id FROM webhook_events WHERE event_type = ? ORDER BY webhook_id", [.text(eventType)]) { $0.text(0) }
    }

    /// - Throws: `DELIVERY_NOT_FOUND`.
    func delivery(_ deliveryID: String) throws -> StoredWebhookDelivery {
        try record(deliveryID)
    }

    /// Of one webhook, newest first.
    func deliveries(
        to webhookID: String, status: NotificationStatus?, on page: PageRequest<Int64>
    ) throws -> ListPage<StoredWebhookDelivery> {
        var conditions = ListConditions(before: page.position)
        conditions.require("webhook_id = ?", .text(webhookID))
        if let status { conditions.require("status = ?", try .word(status)) }
        return try newest(page, where: conditions)
    }

    func countWebhooks() throws -> Int {
        try row("SELECT count(*) FROM webhooks") { $0.int(0) } ?? 0
    }

    /// Those that have a delivery which may be tried at `realTime`.
    func webhooksDue(at realTime: Instant) throws -> [StoredWebhook] {
        try rows(
            """
            SELECT \(StoredWebhook.columns) FROM webhooks WHERE EXISTS (SELECT 1 FROM webhook_deliveries d
                WHERE d.webhook_id = webhooks.webhook_id AND d.status = 'PENDING' AND d.next_attempt_at <= ?) ORDER BY seq
            """,
            [.integer(realTime.millisecondsSinceEpoch)], StoredWebhook.init)
    }

    /// The oldest deliveries of a webhook that may be tried at `realTime`.
    func deliveriesDue(to webhookID: String, at realTime: Instant, limit: Int) throws -> [StoredWebhookDelivery] {
        try rows(
            """
            SELECT \(StoredWebhookDelivery.columns) FROM webhook_deliveries
            WHERE webhook_id = ? AND status = 'PENDING' AND next_attempt_at <= ? ORDER BY next_attempt_at, seq LIMIT ?
            """,
            [.text(webhookID), .integer(realTime.millisecondsSinceEpoch), SQLValue(limit)], StoredWebhookDelivery.init)
    }

    /// Of every webhook.
    func webhookSecrets() throws -> [(webhookID: String, secret: KeptSecret)] {
        try rows("SELECT webhook_id, secret, sealed_secret FROM webhooks ORDER BY seq") { row in
            (row.text(0), KeptSecret(plain: row.text(1), sealed: row.textOrNil(2)))
        }
    }

    func webhookIDs() throws -> [String] {
        try rows("SELECT webhook_id FROM webhooks ORDER BY seq") { $0.text(0) }
    }

    /// The newest delivery that waits for a webhook behind `limit` newer ones; nil where no more than those wait.
    func endOfBacklog(of webhookID: String, over limit: Int) throws -> Int64? {
        try row(
            "SELECT seq FROM webhook_deliveries WHERE webhook_id = ? AND status = 'PENDING' ORDER BY seq DESC LIMIT 1 OFFSET ?",
            [.text(webhookID), SQLValue(limit)]
        ) { $0.int64(0) }
    }
}

extension Transaction {
    func insert(_ webhook: Webhook, secret: KeptSecret) throws {
        try execute(
            "INSERT INTO webhooks (webhook_id, url, event_types, secret, created_at, version, sealed_secret) VALUES (?, ?, ?, ?, ?, ?, ?)",
            [
                .text(webhook.webhookID), .text(webhook.url), .text(webhook.eventTypes.joined(separator: " ")), .text(secret.plain),
                SQLValue(webhook.createdAt?.instant?.millisecondsSinceEpoch), .integer(webhook.version), SQLValue(secret.sealed),
            ])
        for type in webhook.eventTypes {
            try enqueue("INSERT INTO webhook_events (event_type, webhook_id) VALUES (?, ?)", [.text(type), .text(webhook.webhookID)])
        }
    }

    func update(_ secret: KeptSecret, of webhookID: String) throws {
        try execute(
            "UPDATE webhooks SET secret = ?, sealed_secret = ? WHERE webhook_id = ?",
            [.text(secret.plain), SQLValue(secret.sealed), .text(webhookID)])
    }

    /// With what it was told and was to be told.
    func deleteWebhook(_ webhookID: String) throws {
        try enqueue("DELETE FROM webhook_events WHERE webhook_id = ?", [.text(webhookID)])
        try enqueue("DELETE FROM webhook_deliveries WHERE webhook_id = ?", [.text(webhookID)])
        try enqueue("DELETE FROM webhooks WHERE webhook_id = ?", [.text(webhookID)])
    }

    /// Leaves one of the same event as it is.
    func insert(_ delivery: WebhookDelivery, body: String, correlationID: String) throws {
        try enqueue(
            """
            INSERT INTO webhook_deliveries (delivery_id, webhook_id, event_id, event_type, body, correlation_id, status, attempts,
                next_attempt_at, created_at, version)
            VALUES (?, ?, ?, ?, ?, ?, 'PENDING', 0, 0, ?, 1) ON CONFLICT (webhook_id, event_id) DO NOTHING
            """,
            [
                .text(delivery.deliveryID), .text(delivery.webhookID), .text(delivery.eventID), .text(delivery.eventType), .text(body),
                .text(correlationID), SQLValue(delivery.createdAt?.instant?.millisecondsSinceEpoch),
            ])
    }

    /// Writes what a try has changed, unless somebody else has changed the delivery since it was read.
    func update(_ delivery: WebhookDelivery, nextAttemptAt realTime: Instant) throws -> Bool {
        try execute(
            """
            UPDATE webhook_deliveries SET status = ?, attempts = ?, last_error = ?, sent_at = ?, next_attempt_at = ?, version = ?
            WHERE delivery_id = ? AND version = ?
            """,
            [
                try .word(delivery.status), SQLValue(delivery.attempts), SQLValue(delivery.lastError),
                SQLValue(delivery.sentAt?.instant?.millisecondsSinceEpoch), .integer(realTime.millisecondsSinceEpoch),
                .integer(delivery.version), .text(delivery.deliveryID), .integer(delivery.version - 1),
            ]) == 1
    }

    /// Counts a try of what is due to a webhook whose host does not answer, of all that was tried so often before.
    func missDue(to webhookID: String, triedBefore tries: Int, at realTime: Instant, error: String, nextAttemptAt next: Instant) throws {
        try execute(
            """
            UPDATE webhook_deliveries SET attempts = attempts + 1, version = version + 1, last_error = ?, next_attempt_at = ?,
                status = CASE WHEN attempts + 1 >= ? THEN 'FAILED' ELSE 'PENDING' END
            WHERE webhook_id = ? AND status = 'PENDING' AND next_attempt_at <= ? AND attempts = ?
            """,
            [
                .text(error), .integer(next.millisecondsSinceEpoch), SQLValue(triesToDeadLetter), .text(webhookID),
                .integer(realTime.millisecondsSinceEpoch), SQLValue(tries),
            ])
    }

    /// Gives up what a webhook is told of up to a delivery; returns how many.
    func giveUpDeliveries(to webhookID: String, upTo end: Int64, error: String) throws -> Int {
        try execute(
            """
            UPDATE webhook_deliveries SET status = 'FAILED', version = version + 1, last_error = ?
            WHERE webhook_id = ? AND status = 'PENDING' AND seq <= ?
            """, [.text(error), .text(webhookID), .integer(end)])
    }

    /// Has the oldest deliveries of a webhook that have FAILED told again; returns how many.
    func replayFailed(to webhookID: String, limit: Int) throws -> Int {
        try execute(
            """
            UPDATE webhook_deliveries SET status = 'PENDING', attempts = 0, version = version + 1, next_attempt_at = 0
            WHERE seq IN (SELECT seq FROM webhook_deliveries WHERE webhook_id = ? AND status = 'FAILED' ORDER BY seq LIMIT ?)
            """, [.text(webhookID), SQLValue(limit)])
    }

    /// Deletes the oldest deliveries that have ended; returns how many.
    func deleteDeliveries(createdBefore instant: Instant, limit: Int) throws -> Int {
        try execute(
            """
            DELETE FROM webhook_deliveries WHERE seq IN
                (SELECT seq FROM webhook_deliveries WHERE status <> 'PENDING' AND created_at < ? ORDER BY created_at LIMIT \(limit))
            """, [.integer(instant.millisecondsSinceEpoch)])
    }
}
