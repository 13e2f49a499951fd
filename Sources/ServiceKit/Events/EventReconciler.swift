import Logging
import RPC
import Storage
import Synchronization

/// Asks a subscriber which of the events that it was sent it has never applied, and lets the relay send those again.
///
/// The relay delivers at least once, so normally nothing is missing. A receiver that was set back to a backup has lost
/// what came after it; this gives it back. How far it was asked is kept in the database, and begins anew where it does not
/// know the event that it applied last: what it lost may lie anywhere. Such events arrive after newer ones: receivers heed
/// versions.
final class EventReconciler: Sendable {
    private let delivery: EventDelivery
    private let hearer: OutboxHearer
    private let database: Database
    private let logger: Logger
    private let progress = Mutex(Progress())

    private struct Progress {
        var repaired = 0
        /// The place before which the receiver was told to forget.
        var forgotten: Int64 = 0
    }

    private static let pause: Duration = .seconds(60)
    /// With the event that was applied last, what one call may ask for.
    private static let batchSize = 499
    /// A long outbox is gone through in several rounds, so that nobody is kept busy for long.
    private static let batchesOfRound = 20

    init(_ delivery: EventDelivery, _ resources: ServiceResources) {
        self.delivery = delivery
        hearer = delivery.subscription.hearer
        database = resources.database
        logger = resources.logger
    }

    var worker: Sweep {
        Sweep("event reconciler for \(hearer.name)", every: Self.pause, on: database, logger: logger) { [self] in
            try await reconcile()
        }
    }

    /// How many events were found missing.
    var repaired: Int { progress.withLock { $0.repaired } }

    /// Asks for what was sent since it was asked last, and for the event that was applied last.
    func reconcile() async throws {
        for _ in 0..<Self.batchesOfRound {
            let asked = try await database.eventsToAsk(of: hearer, limit: Self.batchSize)
            if try await isSettled(asked) { break }
        }
        try await letForget()
    }

    /// Whether there is nothing more to ask for now.
    private func isSettled(_ asked: DeliveredEvents) async throws -> Bool {
        let ids = asked.events.map(\.id) + (asked.lastApplied.map { [$0] } ?? [])
        let missing = ids.isEmpty ? [] : try await delivery.missing(of: ids)
        if let last = asked.lastApplied, missing.contains(last) {
            logger.warning("The receiver has lost what it had applied; all that is kept is asked again", metadata: ["to": "\(hearer.name)"])
            try await database.noteSetBack(of: hearer.name)
            return false
        }
        try await sendAgain(asked, missing: asked.events.filter { missing.contains($0.id) })
        return !asked.hasMore
    }

    private func sendAgain(_ asked: DeliveredEvents, missing: [DeliveredEvent]) async throws {
        try await database.noteAsked(asked, of: hearer.name, missing: missing)
        for event in missing {
            logger.warning(
                "A delivered event was missing and is sent again",
                metadata: ["event": "\(event.id)", "type": "\(event.type)", "to": "\(hearer.name)"])
        }
        progress.withLock { $0.repaired += missing.count }
    }

    /// The receiver remembers an event for as long as it can come again, and no longer.
    private func letForget() async throws {
        guard let place = try await database.firstPlaceKept(for: hearer.name), place > progress.withLock({ max(1, $0.forgotten) })
        else { return }
        do {
            for _ in 0..<Self.batchesOfRound where try await !delivery.letForget(before: place) {
                return progress.withLock { $0.forgotten = place }
            }
        } catch let error as RPCError where error.code == .unimplemented {
            logger.debug("The receiver is an older program, which forgets by age", metadata: ["to": "\(hearer.name)"])
        }
    }
}

extension EventSubscription {
    var hearer: OutboxHearer { OutboxHearer(name: subscriber, types: eventTypes) }
}
