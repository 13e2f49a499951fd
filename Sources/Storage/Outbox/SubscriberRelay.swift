import Logging
import Synchronization

/// One subscriber's loop: deliver what is new, then what was set aside, then wait.
final class SubscriberRelay: Sendable {
    let subscriber: OutboxSubscriber
    private let options: OutboxRelayOptions
    private let store: OutboxStore
    private let signal: OutboxSignal
    private let wakeUp = WakeUp()
    private let tally = Mutex(OutboxCounts())
    private let logger: Logger

    var counts: OutboxCounts { tally.withLock { $0 } }

    init(_ database: Database, _ subscriber: OutboxSubscriber, _ options: OutboxRelayOptions, _ logger: Logger) {
        self.subscriber = subscriber
        self.options = options
        store = OutboxStore(database: database, subscriber: subscriber.name)
        signal = database.outboxSignal
        var logger = logger
        logger[metadataKey: "subscriber"] = "\(subscriber.name)"
        self.logger = logger
    }

    func stop() {
        wakeUp.stop()
    }

    func run() async {
        signal.add(wakeUp)
        defer { signal.remove(wakeUp) }
        var schedule = RetrySchedule(backoff: options.backoff)
        var failures = 0
        while !wakeUp.isStopped && !Task.isCancelled {
            do {
                let hasMore = try await deliverFresh(&schedule)
                try await deliverHeld(&schedule)
                failures = 0
                if !hasMore { await pause(until: schedule.next, wakesForEvents: true) }
            } catch StorageError.closed {
                return
            } catch is CancellationError where Task.isCancelled {
                return
            } catch {
                failures += 1
                tally.withLock { $0.unanswered += 1 }
                logger.warning("events wait", metadata: ["failures": "\(failures)", "error": "\(type(of: error))"])
                await pause(until: .now + options.backoff.pause(after: failures), wakesForEvents: false)
            }
        }
    }
}

// MARK: - Delivering

extension SubscriberRelay {
    /// Delivers the next events; returns whether there may be more.
    private func deliverFresh(_ schedule: inout RetrySchedule) async throws -> Bool {
        let found = try await store.fresh(limit: options.batchSize)
        let next = found.prefixOfDistinctAggregates()
        guard let last = next.last else { return false }
        let wanted = next.filter { subscriber.wants($0.event) }
        let outcome = try await deliver(wanted.filter { !$0.waitsBehind })
        let waiting = wanted.filter(\.waitsBehind)
        try await store.settle(upTo: last.sequence, held: outcome.rejected + waiting, dead: outcome.dead)
        note(outcome, &schedule)
        return true
    }

    /// Tries what was set aside again, as far as it is due.
    private func deliverHeld(_ schedule: inout RetrySchedule) async throws {
        let due = try await store.held(limit: options.batchSize).filter { schedule.isDue($0.event.aggregateID) }
        if due.isEmpty { return }
        let outcome = try await deliver(due)
        try await store.settleHeld(delivered: outcome.delivered, rejected: outcome.rejected, dead: outcome.dead)
        note(outcome, &schedule)
        if outcome.rejected.count < due.count { wakeUp.noteEvents() }
    }

    private func deliver(_ events: [StoredEvent]) async throws -> DeliveryOutcome {
        if events.isEmpty { return DeliveryOutcome() }
        let rejections = try await subscriber.deliver(events.map(\.event))
        return DeliveryOutcome(events, rejections, rejectionsToDeadLetter: options.rejectionsToDeadLetter)
    }

    private func note(_ outcome: DeliveryOutcome, _ schedule: inout RetrySchedule) {
        schedule.note(outcome)
        tally.withLock { counts in
            counts.delivered += outcome.delivered.count
            counts.rejected += outcome.rejected.count + outcome.dead.count
            counts.deadLettered += outcome.dead.count
        }
        for (stored, reason) in outcome.dead {
            logger.error("dead letter", metadata: ["event": "\(stored.event.id)", "type": "\(stored.event.type)", "reason": "\(reason)"])
        }
    }

    private func pause(until instant: ContinuousClock.Instant?, wakesForEvents: Bool) async {
        let sleep = options.sleep
        await withTaskGroup { [wakeUp] group in
            if let instant {
                // A sleep fails only when it is cancelled, which is how it ends when something else woke the relay.
                group.addTask { try? await sleep(max(.zero, ContinuousClock.now.duration(to: instant))) }
            }
            group.addTask { await wakeUp.wait(forEvents: wakesForEvents) }
            await group.next()
            group.cancelAll()
        }
    }
}
