public import Contracts
import NotificationRules
import ProtobufC
import ProtobufJSON
public import RPC
import ServiceKit
import Storage
import Vocabulary

extension NotificationService {
    /// Tells one person something that somebody has written, by one channel. It is handed over in the background.
    public func sendNotification(_ request: SendNotificationRequest, _ context: CallContext) async throws -> SendNotificationResponse {
        try request.requireShortMetadata()
        guard let channel = Channel(request.channel) else {
            throw Rejection(invalid: [.init(field: "channel", sentence: "must be EMAIL or SMS")])
        }
        let person = try await peers.person(request.recipientID, context)
        guard let address = person.address(for: channel) else {
            throw Rejection(.channelMissing, "There is no address of this person for this channel.", field: "channel")
        }
        let wording = wording(ofMessage: request.message, by: channel)
        let notification = newNotification(from: request, to: address)
        return try await commit(context, on: database) { transaction in
            try transaction.insert(notification, subject: wording.subject, correlationID: context.correlationID, eventID: nil)
            return SendNotificationResponse(notification: notification)
        }
    }

    private func newNotification(from request: SendNotificationRequest, to address: String) -> Notification {
        Notification(
            notificationID: resources.ids.make(.notification),
            eventType: request.eventType.isEmpty ? "message.manual" : request.eventType, channel: request.channel, recipient: address,
            recipientID: request.recipientID, message: request.message, metadata: request.metadata ?? ProtobufStruct(), status: .pending,
            createdAt: ProtobufTimestamp(resources.clock.now()), version: 1)
    }
}

extension SendNotificationRequest {
    private static let longestMetadata = 4_096

    fileprivate func requireShortMetadata() throws {
        guard let metadata, try metadata.json().count > Self.longestMetadata else { return }
        throw Rejection(invalid: [.init(field: "metadata", sentence: "must not be longer than \(Self.longestMetadata) bytes")])
    }
}
