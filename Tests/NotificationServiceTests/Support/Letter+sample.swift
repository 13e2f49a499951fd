import Contracts
import NotificationRules

@testable import NotificationService

extension Letter {
    /// A letter to somebody, of which a test says what matters to it.
    static func sample(
        to recipient: String = "asha@example.org", subject: String? = "Appointment booked", _ message: String = "Dear Asha Rao,\n\nsee you."
    ) -> Letter {
        Letter(
            notificationID: "ntf_01jq0000000000000000000000", eventType: "appointment.booked", channel: subject == nil ? .sms : .email,
            recipient: recipient, recipientID: "pat_01jq0000000000000000000000", subject: subject, message: message,
            metadata: ProtobufStruct(fields: ["reference": .text("apt_7")]), correlationID: "visit-1")
    }
}
