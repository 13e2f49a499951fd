import Contracts
import NotificationRules
import ProtobufC
import ProtobufJSON

/// A notification as transports see it.
struct Letter: Hashable, Sendable {
    let notificationID: String
    let eventType: String
    let channel: Channel
    /// The address or the number.
    let recipient: String
    let recipientID: String
    let subject: String?
    let message: String
    let metadata: ProtobufStruct
    let correlationID: String
}

extension Letter {
    /// One line of JSON, its keys in order.
    func json() throws -> [UInt8] {
        var fields: [String: ProtobufValue] = [
            "notification_id": .text(notificationID), "event_type": .text(eventType), "channel": .text(channel.rawValue),
            "recipient": .text(recipient), "recipient_id": .text(recipientID), "message": .text(message),
            "correlation_id": .text(correlationID), "metadata": ProtobufValue(kind: .structValue(metadata)),
        ]
        if let subject { fields["subject"] = .text(subject) }
        return try ProtobufStruct(fields: fields).json()
    }
}

extension ProtobufValue {
    static func text(_ text: String) -> ProtobufValue {
        ProtobufValue(kind: .stringValue(text))
    }
}
