import Contracts
import HMSTestKit
import RPC
import Storage
import Synchronization
import Testing

@testable import ServiceKit

/// A receiver that can forget, as one does that is set back to a backup.
private final class ForgetfulListener: EventServiceProtocol {
    private let applied = Mutex<[String]>([])

    var heard: [String] { applied.withLock { $0 } }

    func forget(_ id: String) {
        applied.withLock { $0.removeAll { $0 == id } }
    }

    func deliverEvents(_ request: DeliverEventsRequest, _ context: CallContext) async throws -> DeliverEventsResponse {
        applied.withLock { $0 += request.events.map(\.eventID) }
        return DeliverEventsResponse()
    }

    func findMissingEvents(_ request: FindMissingEventsRequest, _ context: CallContext) async throws -> FindMissingEventsResponse {
        let known = Set(heard)
        return FindMissingEventsResponse(eventIds: request.eventIds.filter { !known.contains($0) })
    }
}

@Suite(.timeLimit(.minutes(10))) struct EventReconcilerTests {
    private let hospital: TestHospital
    private static let subscription = EventSubscription(subscriber: "appointment", eventTypes: ["doctor.changed"])

    init() throws {
        hospital = try TestHospital()
    }

    /// Runs with three delivered events in the outbox and one that nobody listens for.
    private func withDelivered(_ body: (EventReconciler, ForgetfulListener, ServiceAssembly) async throws -> Void) async throws {
        let listener = ForgetfulListener()
        let definition = ServiceDefinition(name: "doctor", migrations: [], subscriptions: [Self.subscription]) { _ in [] }
        let assembly = try await hospital.open(definition, peers: ["appointment": InProcessChannel(services: [listener])])
        let delivery = EventDelivery(Self.subscription, assembly.resources)
        for (index, type) in ["doctor.changed", "doctor.changed", "other", "doctor.changed"].enumerated() {
            let event = OutboxEvent(
                id: "evt_\(index)", type: type, aggregateID: "doc_\(index)", payload: [], correlationID: "c", createdAt: 0)
            try await assembly.resources.database.write { try $0.publish(event) }
        }
        let relay = OutboxRelay(assembly.resources.database, subscribers: [delivery.subscriber], logger: hospital.log.logger())
        let relaying = Task { await relay.run() }
        while listener.heard.count < 3 { await Task.yield() }
        // A stopped relay has noted what it delivered.
        relay.stop()
        await relaying.value
        try await body(EventReconciler(delivery, assembly.resources), listener, assembly)
        await assembly.close()
    }

    @Test func `what the receiver has lost is sent again, and counted`() async throws {
        try await withDelivered { reconciler, listener, _ in
            listener.forget("evt_1")
            try await reconciler.reconcile()
            #expect(reconciler.repaired == 1)
            #expect(Set(listener.heard) == ["evt_0", "evt_1", "evt_3"])
        }
    }

    @Test func `where nothing is missing nothing is sent`() async throws {
        try await withDelivered { reconciler, listener, _ in
            try await reconciler.reconcile()
            #expect(reconciler.repaired == 0 && listener.heard.count == 3)
        }
    }
}
