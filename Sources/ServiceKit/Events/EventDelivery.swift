import Contracts
import RPC
import Storage

/// Hands a service's events to one of those who listen, by RPC.
struct EventDelivery: Sendable {
    let subscription: EventSubscription
    private let producer: String
    private let peers: Peers

    init(_ subscription: EventSubscription, _ resources: ServiceResources) {
        self.subscription = subscription
        producer = resources.name
        peers = resources.peers
    }

    var subscriber: OutboxSubscriber {
        OutboxSubscriber(name: subscription.subscriber, types: subscription.eventTypes) { events in
            try await deliver(events)
        }
    }

    /// The events that the receiver refused. A delivery that is refused as a whole is repeated one event at a time, so
    /// that one bad event does not stand for all.
    func deliver(_ events: [OutboxEvent]) async throws -> [OutboxRejection] {
        do {
            try await send(events)
            return []
        } catch let error as RPCError where error.isRefusal {
            guard events.count > 1 else { return events.map { OutboxRejection(eventID: $0.id, reason: error.reason) } }
            var rejections: [OutboxRejection] = []
            for event in events { rejections += try await deliver([event]) }
            return rejections
        }
    }

    /// Those of the events that the receiver has never applied.
    func missing(of ids: [String]) async throws -> Set<String> {
        let options = try await peers.asService(timeout: .seconds(30), correlationID: "reconciler-\(producer)")
        let client = EventServiceClient(peers.channel(to: subscription.subscriber))
        return Set(try await client.findMissingEvents(FindMissingEventsRequest(eventIds: ids), options).eventIds)
    }

    private func send(_ events: [OutboxEvent]) async throws {
        let options = try await peers.asService(timeout: .seconds(30), correlationID: events.first?.correlationID ?? "")
        let request = DeliverEventsRequest(producer: producer, events: events.map(Event.init))
        _ = try await EventServiceClient(peers.channel(to: subscription.subscriber)).deliverEvents(request, options)
    }
}

extension Event {
    fileprivate init(_ event: OutboxEvent) {
        self.init(
            eventID: event.id, eventType: event.type, aggregateID: event.aggregateID,
            occurredAt: ProtobufTimestamp(
                seconds: event.createdAt / 1_000, nanos: Int32(truncatingIfNeeded: event.createdAt % 1_000 * 1_000_000)),
            correlationID: event.correlationID, payload: event.payload)
    }
}

extension RPCError {
    /// Whether the receiver has read the call and said no, so that the same call would fail again.
    fileprivate var isRefusal: Bool {
        switch code {
        case .invalidArgument, .notFound, .alreadyExists, .failedPrecondition, .aborted, .outOfRange, .unimplemented, .internal, .dataLoss:
            true
        case .ok, .cancelled, .unknown, .deadlineExceeded, .permissionDenied, .resourceExhausted, .unavailable, .unauthenticated:
            false
        }
    }
}
