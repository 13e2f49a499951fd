import Contracts
import ProtobufC
import ProtobufJSON
import RPC
import ServiceKit
import Storage
import Vocabulary

extension ServiceResources {
    /// Notes an event for whoever follows the hospital, in the write that claims it: those who ask, and every webhook that wants
    /// to be told of it.
    func note(_ event: Event, _ transaction: Transaction) throws {
        let body = String(decoding: try event.told().json(), as: UTF8.self)
        try transaction.insert(event, body: body, receivedAt: clock.now())
        for webhookID in try transaction.webhooks(hearing: event.eventType) {
            let delivery = WebhookDelivery(
                deliveryID: ids.make(.delivery), webhookID: webhookID, eventID: event.eventID, eventType: event.eventType,
                createdAt: ProtobufTimestamp(clock.now()))
            try transaction.insert(delivery, body: body, correlationID: event.correlationID)
        }
    }
}

extension Event {
    /// What others are told of it.
    fileprivate func told() throws -> HospitalEvent {
        HospitalEvent(
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
