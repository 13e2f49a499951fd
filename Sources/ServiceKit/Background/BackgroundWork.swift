import Logging
import Storage

/// Something that a service does while nobody calls it.
public protocol BackgroundWorker: Sendable {
    /// For logs: `payment recovery`.
    var name: String { get }

    /// Works until its task is cancelled, and ends soon after that.
    func run() async
}

/// All that a service does while nobody calls it: tells others of its events, sees that they have arrived, forgets what
/// need not be kept, and what its own workers do.
struct BackgroundWork: Sendable {
    private let relay: OutboxRelay
    private let relaying: Task<Void, Never>
    private let workers: [Task<Void, Never>]

    init(
        _ definition: ServiceDefinition, _ workers: [any BackgroundWorker], _ resources: ServiceResources,
        _ configuration: HospitalConfiguration
    ) {
        let deliveries = definition.subscriptions.filter { resources.peers.isConfigured($0.subscriber) }
            .map { EventDelivery($0, resources) }
        let relay = OutboxRelay(resources.database, subscribers: deliveries.map(\.subscriber), logger: resources.logger)
        let housekeeping = Housekeeping(
            database: resources.database, relay: relay, clock: resources.clock, logger: resources.logger,
            idempotencyRetention: configuration.idempotencyRetention)
        let reconcilers: [any BackgroundWorker] = deliveries.map { EventReconciler($0, resources).worker }
        self.relay = relay
        relaying = Task { await relay.run() }
        self.workers = ([housekeeping] + reconcilers + workers).map { worker in Task { await worker.run() } }
    }

    /// Returns when everything has ended. What was under way is finished or taken up again after the next start.
    func stop() async {
        relay.stop()
        for worker in workers { worker.cancel() }
        await relaying.value
        for worker in workers { await worker.value }
    }
}
