import Logging
import Synchronization

/// One subscriber's loop: deliver what is new, then what was set aside and is due, then wait.
final class SubscriberRelay: Sendable {
    let subscriber: OutboxSubscriber
    private let options: OutboxRelayOptions
    private let database: Database
    private let store: OutboxStore
    private let signal: OutboxSignal
    private let isShared: Bool
    private let lease: Lease
    private let wakeUp = WakeUp()
    private let tally = Mutex(OutboxCounts())
    private let logger: Logger

    var counts: OutboxCounts { tally.withLock { $0 } }

    init(_ database: Database, _ subscriber: OutboxSubscriber, _ options: OutboxRelayOptions, _ logger: Logger) {
        self.subscriber = subscriber
        self.options = options
        self.database = database
        store = OutboxStore(
            database: database, subscriber: subscriber.name, types: subscriber.types, gaps: database.isShared ? OutboxGaps() : nil)
        signal = database.outboxSignal
        isShared = database.isShared
        lease = Lease("outbox of \(subscriber.name)", in: database)
        var logger = logger
        logger[metadataKey: "subscriber"] = "\(subscriber.name)"
        self.logger = logger
    }

    func stop() {
        wakeUp.stop()
    }

    /// Delivers while no other process of the service does.
    func run() async {
        signal.add(wakeUp, types: subscriber.types)
        defer { signal.remove(wakeUp) }
        database.hearOfEvents()
        while !wakeUp.isStopped && !Task.isCancelled {
            do {
                _ = try await lease.whileHeld { [self] in
                    wakeUp.delivers = true
                    defer { wakeUp.delivers = false }
                    try await deliverUntilStopped()
                }
            } catch StorageError.closed {
                return
            } catch {
                logger.warning("the lease of a relay was not had", metadata: ["error": "\(error)"])
            }
            await pause(until: options.realTime() + Self.leasePause.milliseconds, wakesForEvents: false)
        }
        do {
            try await lease.giveUp()
        } catch {
            logger.notice("the lease of a relay was not given up and expires", metadata: ["error": "\(error)"])
        }
    }

    /// How soon it is looked again whether those who write have come to an end, before whose events others wait.
    private static let gapPause: Duration = .milliseconds(5)

    /// How soon a relay that waits takes the place of one that is gone, at the earliest.
    private static let leasePause: Duration = .seconds(2)

    private func deliverUntilStopped() async throws {
        var hasStarted = false
        var failures = 0
        while !wakeUp.isStopped && !Task.isCancelled {
            do {
                if !hasStarted { try await store.endPauses() }
                hasStarted = true
                let work = try await store.work(limit: options.batchSize, at: options.realTime())
                try await deliverFresh(work)
                try await deliverDue(work)
                failures = 0
                if work.isEmpty {
                    await pause(until: nextLook(work), wakesForEvents: true)
                } else if work.isPartOfRush(limit: options.batchSize) {
                    await pause(until: options.realTime() + options.rushPause.milliseconds, wakesForEvents: false)
                }
            } catch StorageError.closed {
                throw StorageError.closed
            } catch is CancellationError where Task.isCancelled {
                return
            } catch {
                failures += 1
                tally.withLock { $0.unanswered += 1 }
                logger.warning("events wait", metadata: ["failures": "\(failures)", "error": "\(type(of: error))"])
                await pause(until: dueTime(after: failures), wakesForEvents: false)
            }
        }
    }

    /// Of what other processes commit it is heard sooner or later: it is looked for, too.
    private func nextLook(_ work: OutboxWork) -> Int64? {
        guard isShared else { return work.nextDue }
        let usual = signal.isHearing ? options.hearingPollPause : options.pollPause
        let pause = work.waitsForOthers ? min(Self.gapPause, usual) : usual
        let poll = options.realTime() + pause.milliseconds
        return min(work.nextDue ?? poll, poll)
    }

    private func dueTime(after tries: Int) -> Int64 {
        options.realTime() + options.backoff.pause(after: tries).milliseconds
    }

    /// - Parameter instant: milliseconds since 1970.
    private func pause(until instant: Int64?, wakesForEvents: Bool) async {
        await withTaskGroup { [self] group in
            if let instant {
                // A sleep fails only when it is cancelled, which is how it ends when something else woke the relay.
                group.addTask { try? await self.sleep(until: instant) }
            }
            group.addTask { await self.wakeUp.wait(forEvents: wakesForEvents) }
            await group.next()
            group.cancelAll()
        }
    }

    private func sleep(until instant: Int64) async throws {
        if let sleepUntil = options.sleepUntil { return try await sleepUntil(instant) }
        try await Task.sleep(for: .milliseconds(max(0, instant - options.realTime())))
    }
}

// MARK: - Delivering

extension SubscriberRelay {
    /// Delivers the next events. Those whose aggregate has one set aside are set aside behind it.
    private func deliverFresh(_ work: OutboxWork) async throws {
        guard let position = work.position else { return }
        let next = work.fresh.prefix(bytes: options.batchBytes)
        let outcome = try await deliver(next.filter { !$0.waitsBehind }, work)
        let isWhole = next.count == work.fresh.count
        try await store.settle(
            upTo: isWhole ? position : next.last?.sequence ?? position, outcome, waiting: next.filter(\.waitsBehind), due: retryTime,
            at: options.realTime())
        note(outcome)
    }

    /// Tries what was set aside again, as far as it is due.
    private func deliverDue(_ work: OutboxWork) async throws {
        let due = work.due.prefix(bytes: options.batchBytes)
        if due.isEmpty { return }
        let outcome = try await deliver(Array(due), work)
        try await store.settleDue(outcome, due: retryTime, at: options.realTime())
        note(outcome)
    }

    private func deliver(_ events: [StoredEvent], _ work: OutboxWork) async throws -> DeliveryOutcome {
        if events.isEmpty { return DeliveryOutcome() }
        let answer = try await subscriber.deliver(OutboxDelivery(events: events.map(\.placed), lastApplied: work.lastApplied))
        return DeliveryOutcome(events, answer, refusalsToDeadLetter: options.refusalsToDeadLetter)
    }

    private var retryTime: @Sendable (StoredEvent) -> Int64 {
        { [self] in dueTime(after: $0.tries) }
    }

    private func note(_ outcome: DeliveryOutcome) {
        tally.withLock { counts in
            counts.delivered += outcome.delivered.count
            counts.rejected += outcome.refusals
            counts.deadLettered += outcome.dead.count
            counts.unanswered += outcome.failed.count + outcome.dead.count - outcome.refusals
            counts.setBacks += outcome.isSetBack ? 1 : 0
        }
        if let first = outcome.failed.first {
            logger.warning(
                "events were not applied and are tried again",
                metadata: ["events": "\(outcome.failed.count)", "first": "\(first.event.id)", "tries": "\(first.tries)"])
        }
        if outcome.isSetBack { logger.warning("the receiver has lost what it had applied; all that is kept is asked again") }
        for (stored, reason) in outcome.dead {
            logger.error("dead letter", metadata: ["event": "\(stored.event.id)", "type": "\(stored.event.type)", "reason": "\(reason)"])
        }
    }
}

extension [StoredEvent] {
    /// The longest beginning whose payloads have at most `limit` bytes together; the first in any case.
    fileprivate func prefix(bytes limit: Int) -> ArraySlice<StoredEvent> {
        var bytes = 0
        let end = firstIndex { stored in
            bytes += stored.event.payload.count
            return bytes > limit
        }
        return prefix(Swift.max(1, end ?? count))
    }
}
