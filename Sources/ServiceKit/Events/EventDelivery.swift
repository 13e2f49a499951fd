import Contracts
import RPC
import Storage

/// Hands a service's events to one of those who listen, by RPC.
struct EventDelivery: Sendable {
    let subscription: EventSubscription
    private let producer: String
    private let peers: Peers
    private let traces: SpanRecorder

    private static let patience: Duration = .seconds(30)

    init(_ subscription: EventSubscription, _ resources: ServiceResources) {
        self.subscription = subscription
        producer = resources.name
        peers = resources.peers
        traces = resources.traces
    }

    var subscriber: OutboxSubscriber {
        OutboxSubscriber(name: subscription.subscriber, types: subscription.eventTypes) { try await deliver($0) }
    }

    /// What the receiver says to the events. A delivery that is refused as a whole is repeated one event at a time, so that
    /// one bad event does not stand for all.
    ///
    /// - Throws: where there is no answer.
    func deliver(_ delivery: OutboxDelivery) async throws -> OutboxAnswer {
        do {
            return OutboxAnswer(try await send(delivery))
        } catch let error as RPCError where error.code.isRefusal {
            guard delivery.events.count > 1 else { return OutboxAnswer(refusing: delivery.events, error) }
            return try await deliverOneByOne(delivery)
        }
    }

    /// Later events of an aggregate wait for those of it that were not applied.
    private func deliverOneByOne(_ delivery: OutboxDelivery) async throws -> OutboxAnswer {
        var all = OutboxAnswer()
        var blocked: Set<String> = []
        for placed in delivery.events where !blocked.contains(placed.event.aggregateID) {
            let answer = try await deliver(OutboxDelivery(events: [placed], lastApplied: delivery.lastApplied))
            if !answer.failures.isEmpty { blocked.insert(placed.event.aggregateID) }
            all.failures += answer.failures
            all.isSetBack = all.isSetBack || answer.isSetBack
        }
        return all
    }

    /// Those of the events that the receiver has never applied.
    func missing(of ids: [String]) async throws -> Set<String> {
        Set(try await client.findMissingEvents(FindMissingEventsRequest(eventIds: ids), backgroundOptions()).eventIds)
    }

    /// Lets the receiver forget a bounded number of receipts of events before a place; returns whether there are more.
    func letForget(before place: Int64) async throws -> Bool {
        try await client.forgetEvents(ForgetEventsRequest(producer: producer, beforePlace: place), backgroundOptions()).hasMore
    }

    private func send(_ delivery: OutboxDelivery) async throws -> DeliverEventsResponse {
        let correlationID = delivery.events.first?.event.correlationID ?? ""
        var options = try await peers.asService(timeout: Self.patience, correlationID: correlationID)
        let spans = EventSpans(
            delivery.events, traces, id: \.event.id, type: \.event.type, correlationID: \.event.correlationID, cause: \.event.origin)
        options.trace = spans?.first?.trace.nextHop()
        options.parentSpanID = spans?.first?.trace.spanID ?? 0
        options.metadata[MetadataName.traceState] = spans?.first?.state
        let request = DeliverEventsRequest(
            producer: producer, events: delivery.events.map { Event($0, partOf: spans?.origin(of: $0.event.id)) },
            lastAppliedEventID: delivery.lastApplied ?? "")
        do {
            let response = try await client.deliverEvents(request, options)
            spans?.end("deliver", .producer, failures: response.reasons, peer: subscription.subscriber)
            return response
        } catch {
            spans?.end("deliver", .producer, failingAll: (error as? RPCError)?.reason ?? "INTERNAL", peer: subscription.subscriber)
            throw error
        }
    }

    private var client: EventServiceClient { EventServiceClient(peers.channel(to: subscription.subscriber)) }

    private func backgroundOptions() async throws -> CallOptions {
        try await peers.asService(timeout: Self.patience, correlationID: "reconciler-\(producer)")
    }
}

extension Event {
    fileprivate init(_ placed: PlacedEvent, partOf origin: WorkOrigin?) {
        let event = placed.event
        self.init(
            eventID: event.id, eventType: event.type, aggregateID: event.aggregateID,
            occurredAt: ProtobufTimestamp(
                seconds: event.createdAt / 1_000, nanos: Int32(truncatingIfNeeded: event.createdAt % 1_000 * 1_000_000)),
            correlationID: event.correlationID, payload: event.payload, place: placed.place,
            traceparent: origin?.traceparent ?? "", tracestate: origin?.traceState ?? "")
    }

    /// What it is part of, as who hands it over says; nil where that is nothing.
    var origin: WorkOrigin? {
        traceparent.isEmpty ? nil : WorkOrigin(traceparent: traceparent, traceState: tracestate.isEmpty ? nil : tracestate)
    }
}

extension DeliverEventsResponse {
    /// Why events were not applied, by their ids.
    var reasons: [String: String] { Dictionary(failures.map { ($0.eventID, $0.reason) }) { first, _ in first } }
}

extension OutboxAnswer {
    /// A code that this program does not know is no answer.
    fileprivate init(_ response: DeliverEventsResponse) {
        self.init(
            failures: response.failures.map { failure in
                let code = UInt8(exactly: failure.statusCode).flatMap(StatusCode.init)
                return OutboxFailure(eventID: failure.eventID, reason: failure.reason, isRefusal: code?.isRefusal ?? false)
            }, isSetBack: response.setBack)
    }

    fileprivate init(refusing events: [PlacedEvent], _ error: RPCError) {
        self.init(failures: events.map { OutboxFailure(eventID: $0.event.id, reason: error.reason, isRefusal: true) })
    }
}
