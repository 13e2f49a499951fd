import Contracts
import ProtobufC
import ProtobufJSON
import RPC
import ServiceKit
import Storage
import Vocabulary

extension ServiceResources {
    /// Notes an event for every webhook that wants to be told of it, in the write that claims it.
    func noteForWebhooks(_ event: Event, _ transaction: Transaction) throws {
        let hearers = try transaction.webhooks(hearing: event.eventType)
        guard !hearers.isEmpty else { return }
        let body = String(decoding: try event.told().json(), as: UTF8.self)
        for webhookID in hearers {
            let delivery = WebhookDelivery(
                deliveryID: ids.make(.delivery), webhookID: webhookID, eventID: event.eventID, eventType: event.eventType,
                createdAt: ProtobufTimestamp(clock.now()))
            try transaction.insert(delivery, body: body, correlationID: event.correlationID)
        }
    }
}

extension Event {
    /// What others are told of it.
    fileprivate func told() throws -> WebhookEvent {
        WebhookEvent(
            eventID: eventID, eventType: eventType, aggregateID: aggregateID, occurredAt: occurredAt, correlationID: correlationID,
            data: try ProtobufStruct(json: String(decoding: payloadJSON(), as: UTF8.self)))
    }

    private func payloadJSON() throws -> [UInt8] {
        switch EventType(eventType) {
        case .patient: try message(PatientChanged.self).json()
        case .doctor: try message(DoctorChanged.self).json()
        case .appointment: try message(AppointmentChanged.self).json()
        case .bill(.refundDue): try message(BillRefundDue.self).json()
        case .bill: try message(BillChanged.self).json()
        case .payment: try message(PaymentChanged.self).json()
        case .prescription: try message(PrescriptionIssued.self).json()
        case nil: throw RPCError.unknownEvent(self)
        }
    }
}
