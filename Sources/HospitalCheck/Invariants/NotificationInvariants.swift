import Storage

/// Notification rule 2.
extension Invariants {
    static let notifications = [
        Invariant(
            "Nobody is told of an event twice through one channel", of: ["notification"],
            counting: "SELECT count(*) FROM notification.notifications WHERE event_id IS NOT NULL",
            breaking: """
                SELECT recipient_id || ': ' || min(notification_id) || ', ' || max(notification_id) FROM notification.notifications
                WHERE event_id IS NOT NULL GROUP BY event_id, recipient_id, channel HAVING count(*) > 1
                """),
        Invariant(
            "A notification was handed over exactly where it says when, and given up only after 8 tries", of: ["notification"],
            counting: "SELECT count(*) FROM notification.notifications",
            breaking: """
                SELECT notification_id || ': ' || status || ' after ' || attempts || ' tries' FROM notification.notifications
                WHERE (status = 'SENT') <> (sent_at IS NOT NULL) OR attempts > 8
                """),
    ]
}
