import Contracts
import HMSTestKit
import RPC
import Storage
import Synchronization
import Testing

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
            name: "doctor", migrations: [], subscriptions: [EventSubscription(subscriber: "appointment", eventTypes: types)]
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
}
