import Contracts
import HMSTestKit
import RPC
import Storage
import Synchronization
import Testing

@testable import ServiceKit

/// What a reconciler asks a receiver, and what it lets it forget.
@Suite(.timeLimit(.minutes(10))) struct EventReconcilerTests {
    private let hospital: TestHospital
    private static let subscription = EventSubscription(subscriber: "appointment", eventTypes: ["doctor.changed"])

    init() throws {
        hospital = try TestHospital()
    }

    /// Runs with three delivered events in the outbox and one that nobody listens for.
    private func withDelivered(_ body: (EventReconciler, AskedListener, ServiceAssembly) async throws -> Void) async throws {
        let listener = AskedListener()
        let definition = ServiceDefinition(name: "doctor", schema: [], subscriptions: [Self.subscription]) { _ in [] }
        let assembly = try await hospital.open(definition, peers: ["appointment": InProcessChannel(services: [listener])])
        for (index, type) in ["doctor.changed", "doctor.changed", "other", "doctor.changed"].enumerated() {
            let event = OutboxEvent(
                id: "evt_\(index)", type: type, aggregateID: "doc_\(index)", payload: [], correlationID: "c", createdAt: 0)
            try await assembly.resources.database.write { try $0.publish(event) }
        }
        let delivery = EventDelivery(Self.subscription, assembly.resources)
        try await relaying(delivery, assembly, hospital) { while listener.applied.count < 3 { await Task.yield() } }
        try await body(EventReconciler(delivery, assembly.resources), listener, assembly)
        await assembly.close()
    }

    @Test func `what the receiver has lost is sent again, and counted`() async throws {
        try await withDelivered { reconciler, listener, assembly in
            listener.forget("evt_1")
            try await reconciler.reconcile()
            #expect(reconciler.repaired == 1)
            #expect(listener.applied == ["evt_0", "evt_3"], "the relay sends it, in order with everything else")
            try await relaying(EventDelivery(Self.subscription, assembly.resources), assembly, hospital) {
                while listener.applied.count < 3 { await Task.yield() }
            }
            #expect(listener.applied == ["evt_0", "evt_3", "evt_1"])
        }
    }

    @Test func `what was asked for once is asked for in no later process, but what was applied last always is`() async throws {
        try await withDelivered { reconciler, listener, assembly in
            try await reconciler.reconcile()
            #expect(listener.questions == [["evt_0", "evt_1", "evt_3", "evt_3"]])
            let later = EventReconciler(EventDelivery(Self.subscription, assembly.resources), assembly.resources)
            try await later.reconcile()
            #expect(listener.questions.dropFirst() == [["evt_3"]])
            #expect(reconciler.repaired == 0 && later.repaired == 0 && listener.deliveries == 1)
        }
    }

    @Test func `a receiver that has lost what it applied last is asked for all that is kept`() async throws {
        try await withDelivered { reconciler, listener, _ in
            try await reconciler.reconcile()
            for id in ["evt_1", "evt_3"] { listener.forget(id) }
            try await reconciler.reconcile()
            #expect(listener.questions.dropFirst() == [["evt_3"], ["evt_0", "evt_1", "evt_3"]])
            #expect(reconciler.repaired == 2)
        }
    }

    @Test func `the receiver may forget what is purged, but never what it applied last`() async throws {
        try await withDelivered { reconciler, listener, assembly in
            try await reconciler.reconcile()
            #expect(listener.forgotten == [], "everything is kept")
            let purge = "DELETE FROM hms_outbox WHERE sequence < "
            try await assembly.resources.database.write { try $0.execute(purge + "3") }
            try await reconciler.reconcile()
            try await assembly.resources.database.write { try $0.execute(purge + "99") }
            for _ in 0..<2 { try await reconciler.reconcile() }
            #expect(listener.forgotten == [3, 4])
        }
    }
}

/// A receiver that can forget single events, and notes what it is asked.
private final class AskedListener: EventServiceProtocol {
    private struct State {
        var applied: [String] = []
        var deliveries = 0
        var questions: [[String]] = []
        var forgotten: [Int64] = []
    }

    private let state = Mutex(State())

    var applied: [String] { state.withLock { $0.applied } }
    var deliveries: Int { state.withLock { $0.deliveries } }
    var questions: [[String]] { state.withLock { $0.questions } }
    var forgotten: [Int64] { state.withLock { $0.forgotten } }

    func forget(_ id: String) {
        state.withLock { $0.applied.removeAll { $0 == id } }
    }

    func deliverEvents(_ request: DeliverEventsRequest, _ context: CallContext) async throws -> DeliverEventsResponse {
        state.withLock { state in
            state.deliveries += 1
            state.applied += request.events.map(\.eventID)
        }
        return DeliverEventsResponse()
    }

    func findMissingEvents(_ request: FindMissingEventsRequest, _ context: CallContext) async throws -> FindMissingEventsResponse {
        state.withLock { state in
            state.questions.append(request.eventIds)
            return FindMissingEventsResponse(eventIds: request.eventIds.filter { !state.applied.contains($0) })
        }
    }

    func forgetEvents(_ request: ForgetEventsRequest, _ context: CallContext) async throws -> ForgetEventsResponse {
        state.withLock { $0.forgotten.append(request.beforePlace) }
        return ForgetEventsResponse()
    }
}

/// Runs a relay of one delivery around `body`; a stopped relay has noted what it delivered.
func relaying(
    _ delivery: EventDelivery, _ assembly: ServiceAssembly, _ hospital: TestHospital, _ body: () async throws -> Void
) async throws {
    var options = OutboxRelayOptions(realTime: SystemTime.millisecondsSinceEpoch)
    options.backoff.first = .milliseconds(2)
    options.backoff.longest = .milliseconds(10)
    let relay = OutboxRelay(
        assembly.resources.database, subscribers: [delivery.subscriber], options: options, logger: hospital.log.logger())
    let running = Task { await relay.run() }
    do {
        try await body()
    } catch {
        running.cancel()
        throw error
    }
    relay.stop()
    await running.value
}
