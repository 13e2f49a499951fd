public import Contracts
public import RPC
public import Storage

extension NotificationService {
    /// Reads one notification.
    public func getNotification(
        _ request: GetNotificationRequest, _ context: CallContext, _ reader: Reader
    ) throws -> GetNotificationResponse {
        GetNotificationResponse(notification: try reader.notification(request.notificationID).notification)
    }
}
