import Logging
import Storage
import Synchronization

/// Asks a subscriber which of the events that it was sent it has never applied, and sends those again.
///
/// The relay delivers at least once, so normally nothing is missing. A receiver that was set back to a backup has lost
/// what came after it; this gives it back. Such events arrive after newer ones: receivers heed versions.
final class EventReconciler: Sendable {
    private let delivery: EventDelivery
    private let database: Database
    private let logger: Logger
    private let progress = Mutex(Progress())

    private struct Progress {
        /// The place in the outbox up to which nothing was missing.
        var position: Int64 = 0
        var repaired = 0
    }

    private static let pause: Duration = .seconds(60)
    private static let batchSize = 500
    /// A long outbox is gone through in several rounds, so that nobody is kept busy for long.
    private static let batchesOfRound = 20

    init(_ delivery: EventDelivery, _ resources: ServiceResources) {
        self.delivery = delivery
        database = resources.database
        logger = resources.logger
    }

    var worker: Sweep {
        Sweep("event reconciler for \(delivery.subscription.subscriber)", every: Self.pause, logger: logger) { [self] in
            try await reconcile()
        }
    }

    /// How many events were found missing and sent again.
    var repaired: Int { progress.withLock { $0.repaired } }

    func reconcile() async throws {
        for _ in 0..<Self.batchesOfRound {
            let sent = try await database.eventsDelivered(
                to: delivery.subscription.subscriber, after: progress.withLock { $0.position }, limit: Self.batchSize)
            try await repair(sent.events.filter { delivery.subscription.eventTypes.contains($0.type) })
            progress.withLock { $0.position = sent.position }
            if !sent.hasMore { return }
        }
    }

    private func repair(_ events: [OutboxEvent]) async throws {
        if events.isEmpty { return }
        let missing = try await delivery.missing(of: events.map(\.id))
        for event in events where missing.contains(event.id) {
            let refused = try await delivery.deliver([event])
            logger.warning(
                "A delivered event was missing and was sent again",
                metadata: ["event": "\(event.id)", "type": "\(event.type)", "refused": "\(!refused.isEmpty)"])
            if refused.isEmpty { progress.withLock { $0.repaired += 1 } }
        }
    }
}
