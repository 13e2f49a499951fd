public import Contracts
public import RPC
import ServiceKit

extension NotificationService {
    /// Streams every notification, the oldest first.
    public func exportNotifications(
        _ request: ExportNotificationsRequest, _ context: CallContext, _ writer: MessageWriter<ExportNotificationsResponse>
    ) async throws {
        try await resources.database.export(StoredRecordPages(of: StoredNotification.self, after: request.after), to: writer) {
            ExportNotificationsResponse(notification: $0.notification)
        }
    }
}
