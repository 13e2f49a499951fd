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
/// need not be kept, chains its audit, and what its own workers do.
struct BackgroundWork: Sendable {
    private let relay: OutboxRelay
    private let relaying: Task<Void, Never>
    private let workers: [Task<Void, Never>]

    init(
        _ definition: ServiceDefinition, _ workers: [any BackgroundWorker], _ resources: ServiceResources,
        _ configuration: HospitalConfiguration
    ) {
        let (reachable, unknown) = definition.subscriptions.split { resources.peers.isConfigured($0.subscriber) }
        for subscription in unknown {
            resources.logger.notice(
                "Events are kept for a service that is not configured", metadata: ["subscriber": "\(subscription.subscriber)"])
        }
        let deliveries = reachable.map { EventDelivery($0, resources) }
        relay = OutboxRelay(
            resources.database, subscribers: deliveries.map(\.subscriber),
            options: OutboxRelayOptions(realTime: SystemTime.millisecondsSinceEpoch), logger: resources.logger)
        let housekeeping = Housekeeping(
            database: resources.database, hearers: definition.subscriptions.map(\.hearer), clock: resources.clock,
            logger: resources.logger, idempotencyRetention: configuration.idempotencyRetention,
            eventRetention: configuration.eventRetention, auditRetention: configuration.auditRetention)
        let reconcilers: [any BackgroundWorker] = deliveries.map { EventReconciler($0, resources).worker }
        relaying = Task { [relay] in await relay.run() }
        let sealing = AuditSealing(resources)
        self.workers = ([housekeeping, sealing] + reconcilers + workers).map { worker in Task { await worker.run() } }
    }

    /// What became of events since the start, by who hears of them.
    var eventCounts: [String: OutboxCounts] { relay.counts }

    /// Returns when everything has ended. What was under way is finished or taken up again after the next start.
    func stop() async {
        relay.stop()
        for worker in workers { worker.cancel() }
        await relaying.value
        for worker in workers { await worker.value }
    }
}

extension [EventSubscription] {
    /// Those that are so, and those that are not.
    fileprivate func split(_ isSo: (EventSubscription) -> Bool) -> (those: [EventSubscription], others: [EventSubscription]) {
        (filter(isSo), filter { !isSo($0) })
    }
}
