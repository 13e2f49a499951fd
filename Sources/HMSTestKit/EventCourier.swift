public import Contracts
public import ProtobufC
import RPC
public import ServiceKit
import Storage

/// Carries events from service to service when a test says so, instead of a relay with its timers.
public struct EventCourier: Sendable {
    private let hospital: TestHospital

    public init(_ hospital: TestHospital) {
        self.hospital = hospital
    }

    /// Delivers every event that `producer` has ever published for `receiver`, those delivered before too: a receiver that
    /// applies one twice is found out.
    ///
    /// - Returns: the types of the events, in their order.
    @discardableResult
    public func carry(from producer: ServiceAssembly, _ definition: ServiceDefinition, to receiver: ServiceAssembly) async throws
        -> [String]
    {
        let types = definition.subscriptions.filter { $0.subscriber == receiver.resources.name }.flatMap(\.eventTypes)
        let events = try await producer.resources.database.scan { try $0.publishedEvents() }.filter { types.contains($0.eventType) }
        try await deliver(events, of: producer.resources.name, to: receiver)
        return events.map(\.eventType)
    }

    /// Tells `receiver` of something that no service under test has published.
    @discardableResult
    public func tell(
        _ receiver: ServiceAssembly, _ type: String, of aggregateID: String, _ message: some Message, id: String? = nil,
        correlationID: String = "corr-1"
    ) async throws -> Event {
        let event = Event(
            eventID: id ?? receiver.resources.ids.make(prefix: "evt"), eventType: type, aggregateID: aggregateID,
            occurredAt: ProtobufTimestamp(hospital.clock.now), correlationID: correlationID, payload: message.protobuf())
        try await deliver([event], of: TestServiceKeys.some, to: receiver)
        return event
    }

    public func deliver(_ events: [Event], of producer: String, to receiver: ServiceAssembly) async throws {
        let channel = ChannelOfCaller(receiver.channel, try await hospital.options(.service, subject: producer))
        let request = DeliverEventsRequest(producer: producer, events: events)
        try await EventServiceClient(channel).deliverEvents(request).requireAllApplied()
    }
}

extension DeliverEventsResponse {
    /// - Throws: what the receiver says to the first event that it did not apply.
    public func requireAllApplied() throws {
        guard let failure = failures.first else { return }
        throw RPCError(UInt8(exactly: failure.statusCode).flatMap(StatusCode.init) ?? .unknown, failure.reason)
    }
}
