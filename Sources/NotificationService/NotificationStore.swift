import Contracts
import NotificationRules
import ProtobufC
import ProtobufJSON
import ServiceKit
import Storage
import Vocabulary

/// A notification as the table holds it, with what its public form leaves out.
struct StoredNotification: StoredRecord {
    /// The order of making.
    let sequence: Int64
    let notification: Notification
    let subject: String?
    let correlationID: String
}

extension Reader {
    /// - Throws: `NOTIFICATION_NOT_FOUND`.
    func notification(_ notificationID: String) throws -> StoredNotification {
        try record(notificationID)
    }

    /// Notifications newest first.
    func notifications(matching filter: NotificationFilter, on page: PageRequest<Int64>) throws -> ListPage<StoredNotification> {
        var conditions = ListConditions(before: page.position)
        if let recipientID = filter.recipientID { conditions.require("recipient_id = ?", .text(recipientID)) }
        // Most were sent; few of those wait or have failed.
        let isRare = filter.status == .pending || filter.status == .failed
        if isRare, let status = filter.status { conditions.require("status = ?", try .word(status)) }
        if let eventType = filter.eventType { conditions.require("event_type = ?", .text(eventType)) }
        if !isRare, let status = filter.status { conditions.require("status = ?", try .word(status)) }
        if let channel = filter.channel { conditions.require("channel = ?", .word(channel)) }
        return try newest(page, where: conditions)
    }

    /// The oldest notifications of a channel that may be handed over at `realTime`.
    func pending(by channel: Channel, at realTime: Instant, limit: Int) throws -> [StoredNotification] {
        try rows(
            """
            SELECT \(StoredNotification.columns) FROM notifications
            WHERE status = 'PENDING' AND channel = ? AND next_attempt_at <= ? ORDER BY next_attempt_at, seq LIMIT ?
            """,
            [.word(channel), .integer(realTime.millisecondsSinceEpoch), SQLValue(limit)], StoredNotification.init)
    }
}

extension Transaction {
    /// - Parameter eventID: what it tells of; nil where somebody wrote it.
    func insert(_ notification: Notification, subject: String?, correlationID: String, eventID: String?) throws {
        noteChange(to: notification)
        try enqueue(
            """
            INSERT INTO notifications (notification_id, event_id, event_type, channel, recipient, recipient_id, subject, message,
                metadata, correlation_id, status, attempts, next_attempt_at, created_at, version)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, ?, ?)
            """,
            [
                .text(notification.notificationID), SQLValue(eventID), .text(notification.eventType), try .word(notification.channel),
                .text(notification.recipient), .text(notification.recipientID), SQLValue(subject), .text(notification.message),
                .text(String(decoding: try (notification.metadata ?? ProtobufStruct()).json(), as: UTF8.self)), .text(correlationID),
                try .word(notification.status), SQLValue(notification.createdAt?.instant?.millisecondsSinceEpoch),
                .integer(notification.version),
            ])
    }

    /// Writes what a try has changed, unless somebody else has changed the notification since it was read.
    ///
    /// - Parameter realTime: when it may be tried again.
    func update(_ notification: Notification, nextAttemptAt realTime: Instant) throws -> Bool {
        try execute(
            """
            UPDATE notifications SET status = ?, attempts = ?, last_error = ?, sent_at = ?, next_attempt_at = ?, version = ?
            WHERE notification_id = ? AND version = ?
            """,
            [
                try .word(notification.status), SQLValue(notification.attempts), SQLValue(notification.lastError),
                SQLValue(notification.sentAt?.instant?.millisecondsSinceEpoch), .integer(realTime.millisecondsSinceEpoch),
                .integer(notification.version), .text(notification.notificationID), .integer(notification.version - 1),
            ]) == 1
    }

    /// Deletes the oldest notifications that were handed over or given up; returns how many. For the limit see
    /// ``deleteAnnouncements(dueBefore:limit:)``.
    func deleteNotifications(createdBefore instant: Instant, limit: Int) throws -> Int {
        try execute(
            """
            DELETE FROM notifications WHERE seq IN
                (SELECT seq FROM notifications WHERE status <> 'PENDING' AND created_at < ? ORDER BY created_at LIMIT \(limit))
            """, [.integer(instant.millisecondsSinceEpoch)])
    }
}

extension StoredNotification {
    static let kind = RecordKind.notification
    static let table = "notifications"
    /// In the order in which ``init(_:)`` reads them.
    static let columns = """
        seq, notification_id, event_type, channel, recipient, recipient_id, subject, message, metadata, correlation_id, status, attempts, \
        last_error, sent_at, created_at, version
        """

    init(_ row: borrowing Row) throws {
        sequence = row.int64(0)
        subject = row.textOrNil(6)
        correlationID = row.text(9)
        notification = Notification(
            notificationID: row.text(1), eventType: row.text(2), channel: try row.word(3),
            recipient: row.text(4), recipientID: row.text(5), message: row.text(7), metadata: try ProtobufStruct(json: row.text(8)),
            status: try row.word(10), attempts: Int32(truncatingIfNeeded: row.int(11)),
            lastError: row.textOrNil(12),
            sentAt: row.int64OrNil(13).map { ProtobufTimestamp(Instant(millisecondsSinceEpoch: $0)) },
            createdAt: ProtobufTimestamp(Instant(millisecondsSinceEpoch: row.int64(14))), version: row.int64(15))
    }
}

extension NotificationChannel {
    init(_ channel: Channel) {
        switch channel {
        case .email: self = .email
        case .sms: self = .sms
        }
    }
}
