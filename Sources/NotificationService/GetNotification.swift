public import Contracts
public import RPC
import Storage

extension NotificationService {
    /// Reads one notification.
    public func getNotification(_ request: GetNotificationRequest, _ context: CallContext) async throws -> GetNotificationResponse {
        GetNotificationResponse(notification: try await database.read { try $0.notification(request.notificationID) }.notification)
    }
}
