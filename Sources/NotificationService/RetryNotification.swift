public import Contracts
import NotificationRules
public import RPC
import ServiceKit
import Storage
import Vocabulary

extension NotificationService {
    /// Gives a dead letter all its tries again; it is handed over in the background.
    public func retryNotification(_ request: RetryNotificationRequest, _ context: CallContext) async throws -> RetryNotificationResponse {
        let now = Instant(millisecondsSinceEpoch: try await database.realTime())
        return try await commit(context, on: database) { transaction in
            var notification = try transaction.notification(request.notificationID).notification
            let isForgotten = try transaction.isForgotten(notification.recipientID)
            let rejection = rejectionOfRetry(whereFailed: notification.status == .failed, toForgotten: isForgotten)
            if let rejection { throw rejection }
            notification.status = .pending
            notification.attempts = 0
            notification.version += 1
            transaction.noteChange(of: "status", "attempts")
            _ = try transaction.update(notification, nextAttemptAt: now)
            return RetryNotificationResponse(notification: notification)
        }
    }
}
