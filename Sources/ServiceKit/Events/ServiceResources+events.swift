public import ProtobufC
public import RPC
public import Storage
import Vocabulary

extension ServiceResources {
    /// An event that a call has caused: `appointment.booked`.
    public func event(_ type: some RawRepresentable<String>, of aggregateID: String, _ message: some Message, _ context: CallContext)
        -> OutboxEvent
    {
        event(type, of: aggregateID, message, correlationID: context.correlationID)
    }

    /// An event that another event, or time, has caused.
    public func event(
        _ type: some RawRepresentable<String>, of aggregateID: String, _ message: some Message, correlationID: String
    ) -> OutboxEvent {
        OutboxEvent(
            id: ids.make(prefix: "evt"), type: type.rawValue, aggregateID: aggregateID, payload: message.protobuf(),
            correlationID: correlationID,
            createdAt: clock.now().millisecondsSinceEpoch)
    }
}
