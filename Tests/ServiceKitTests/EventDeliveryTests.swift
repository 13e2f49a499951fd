import Contracts
import HMSTestKit
import RPC
import Storage
import Synchronization
import Testing
import UnimplementedServices

@testable import ServiceKit

/// A service that listens, and what it heard.
private final class Listener: UnimplementedEventService {
    private let state = Mutex((heard: [Event](), failure: (@Sendable ([Event]) -> RPCError?)?.none))
    let arrivals: AsyncStream<Void>
    private let arrived: AsyncStream<Void>.Continuation

    init() {
        (arrivals, arrived) = AsyncStream.makeStream(of: Void.self)
    }

    var heard: [Event] { state.withLock { $0.heard } }

    func fail(_ failure: @escaping @Sendable ([Event]) -> RPCError?) {
        state.withLock { $0.failure = failure }
    }

    func deliverEvents(_ request: DeliverEventsRequest, _ context: CallContext) async throws -> DeliverEventsResponse {
        defer { arrived.yield() }
        try state.withLock { state in
            if let error = state.failure?(request.events) { throw error }
            state.heard += request.events
        }
        return DeliverEventsResponse()
    }
}

@Suite(.timeLimit(.minutes(10))) struct EventDeliveryTests {
    private let hospital: TestHospital

    init() throws {
        hospital = try TestHospital()
    }

    private func definition(listening types: Set<String>) -> ServiceDefinition {
        ServiceDefinition(
            name: "doctor", schema: [], subscriptions: [EventSubscription(subscriber: "appointment", eventTypes: types)]
        ) { _ in [] }
    }

    private func event(_ id: String, _ type: String = "doctor.changed") -> OutboxEvent {
        OutboxEvent(
            id: id, type: type, aggregateID: "doc_\(id)", payload: [1, 2], correlationID: "corr-1", createdAt: 1_772_422_200_123)
    }

    /// A listening service with its own authentication, as it is in the hospital.
    private func channel(to listener: Listener) async throws -> InProcessChannel {
        let verifier = try await TokenVerifier(hospital.configuration.identity, logger: hospital.log.logger())
        return InProcessChannel(services: [listener], interceptors: [Authentication(verifier: verifier)])
    }

    @Test func `an event that was committed reaches those who listen for its type, in the service's own name`() async throws {
        let listener = Listener()
        let host = try await hospital.start(
            definition(listening: ["doctor.changed"]), peers: ["appointment": try await channel(to: listener)])
        let events = [event("1"), event("2", "doctor.dreamt"), event("3")]
        try await host.assembly.resources.database.write { transaction in
            for event in events { try transaction.publish(event) }
        }
        for await _ in listener.arrivals where listener.heard.count >= 2 { break }
        #expect(listener.heard.map(\.eventID) == ["1", "3"])
        let heard = try #require(listener.heard.first)
        #expect(heard.eventType == "doctor.changed")
        #expect(heard.correlationID == "corr-1")
        #expect(heard.payload == [1, 2])
        #expect(heard.occurredAt == ProtobufTimestamp(seconds: 1_772_422_200, nanos: 123_000_000))
        #expect(listener.heard.map(\.place) == [1, 3])
        while host.eventCounts["appointment"]?.delivered != 2 { try await Task.sleep(for: .milliseconds(1)) }
        await host.stop()
    }

    @Test func `an event that is refused does not hold up the others of its delivery`() async throws {
        let listener = Listener()
        listener.fail { events in
            events.contains { $0.eventID == "2" } ? RPCError.invalidArgument("not this one") : nil
        }
        let host = try await hospital.start(
            definition(listening: ["doctor.changed"]), peers: ["appointment": try await channel(to: listener)])
        let events = [event("1"), event("2"), event("3")]
        try await host.assembly.resources.database.write { transaction in
            for event in events { try transaction.publish(event) }
        }
        for await _ in listener.arrivals where listener.heard.count >= 2 { break }
        #expect(listener.heard.map(\.eventID) == ["1", "3"])
        await host.stop()
    }

    @Test func `events wait for a receiver that is away`() async throws {
        let listener = Listener()
        let isAway = Toggle()
        isAway.isOn = true
        listener.fail { _ in isAway.isOn ? RPCError.unavailable("away") : nil }
        let host = try await hospital.start(
            definition(listening: ["doctor.changed"]), peers: ["appointment": try await channel(to: listener)])
        let event = event("1")
        try await host.assembly.resources.database.write { try $0.publish(event) }
        for await _ in listener.arrivals { break }
        #expect(listener.heard.isEmpty)
        isAway.isOn = false
        for await _ in listener.arrivals where !listener.heard.isEmpty { break }
        #expect(listener.heard.map(\.eventID) == ["1"])
        await host.stop()
    }

    // MARK: What makes a dead letter

    private static let refusals: Set<StatusCode> = [.invalidArgument, .notFound, .alreadyExists, .failedPrecondition, .outOfRange]

    @Test(arguments: StatusCode.allCases.filter { $0 != .ok })
    func `only a receiver that says no to the event makes a dead letter, whatever else it answers`(code: StatusCode) async throws {
        let listener = Listener()
        let isMended = Toggle()
        listener.fail { _ in isMended.isOn ? nil : RPCError(code, "NO") }
        try await withRelay(to: listener) { database in
            let event = event("1")
            try await database.write { try $0.publish(event) }
            var tries = 0
            for await _ in listener.arrivals {
                tries += 1
                if tries == 8 { break }
            }
            if Self.refusals.contains(code) {
                while try await database.read({ try $0.deadLetterCounts() }) != ["appointment": 1] {
                    try await Task.sleep(for: .milliseconds(1))
                }
            } else {
                isMended.isOn = true
                while listener.heard.isEmpty { try await Task.sleep(for: .milliseconds(1)) }
                #expect(try await database.read { try $0.deadLetterCounts() } == [:])
            }
        }
    }

    @Test func `what a receiver names is tried again by its code, and the rest of the delivery is done`() async throws {
        let answer = DeliverEventsResponse(failures: [
            EventFailure(eventID: "1", statusCode: 13, reason: "INTERNAL"), EventFailure(eventID: "2", statusCode: 9, reason: "NO"),
            EventFailure(eventID: "3", statusCode: 77, reason: "NEW"), EventFailure(eventID: "4", statusCode: -1, reason: "ODD"),
        ])
        let assembly = try await hospital.open(
            definition(listening: ["doctor.changed"]), peers: ["appointment": InProcessChannel(services: [Answering(answer)])])
        let delivery = EventDelivery(EventSubscription(subscriber: "appointment", eventTypes: ["doctor.changed"]), assembly.resources)
        let told = try await delivery.deliver(
            OutboxDelivery(events: (1...5).map { PlacedEvent(place: $0, event: event("\($0)")) }, lastApplied: nil))
        #expect(told.failures.map(\.isRefusal) == [false, true, false, false] && !told.isSetBack)
        await assembly.close()
    }

    /// A relay with pauses of next to no length.
    private func withRelay(to listener: Listener, _ body: (Database) async throws -> Void) async throws {
        let assembly = try await hospital.open(
            definition(listening: ["doctor.changed"]), peers: ["appointment": InProcessChannel(services: [listener])])
        let delivery = EventDelivery(EventSubscription(subscriber: "appointment", eventTypes: ["doctor.changed"]), assembly.resources)
        var options = OutboxRelayOptions(realTime: SystemTime.millisecondsSinceEpoch)
        options.backoff.first = .milliseconds(2)
        options.backoff.longest = .milliseconds(2)
        let relay = OutboxRelay(
            assembly.resources.database, subscribers: [delivery.subscriber], options: options, logger: hospital.log.logger())
        let relaying = Task { await relay.run() }
        try await body(assembly.resources.database)
        relay.stop()
        await relaying.value
        await assembly.close()
    }
}

/// A receiver that says the same to everything.
private struct Answering: UnimplementedEventService {
    let answer: DeliverEventsResponse

    init(_ answer: DeliverEventsResponse) {
        self.answer = answer
    }

    func deliverEvents(_ request: DeliverEventsRequest, _ context: CallContext) async throws -> DeliverEventsResponse { answer }
}
