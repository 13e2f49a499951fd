import Logging
import MetricsRegistry
import Storage
import Synchronization
import Vocabulary

/// What a service's database and the events in it tell of themselves.
enum StorageMetrics {
    /// Has every commit counted.
    static func observe(_ storage: inout DatabaseConfiguration, in metrics: Metrics) {
        guard metrics.isCounting else { return }
        let writes = metrics.histogram(
            "hms_storage_commit_writes", "Writes that shared one commit, and so one flush.", buckets: .counts)
        let durations = metrics.histogram(
            "hms_storage_commit_duration_seconds", "How long commits took to become durable, their flush included.")
        storage.onCommit = { report in
            writes.record(report.writes)
            durations.record(report.duration)
        }
    }

    /// Has the counts read whenever they are asked for.
    static func collect(_ resources: ServiceResources, _ subscriptions: [EventSubscription]) {
        let events = EventBacklog(resources, subscriptions)
        resources.metrics.collect { [database = resources.database] in families(of: database.counts) + (await events.families()) }
    }

    private static func families(of counts: StorageCounts) -> [MetricFamily] {
        var families: [MetricFamily] = [
            .init("hms_storage_writes_total", "Writes that were committed.", .counter, [.init(counts.writes)]),
            .init("hms_storage_waiting_writes", "Writes that wait for their turn.", .gauge, [.init(counts.waitingWrites)]),
            .init(
                "hms_storage_moved_reads_total", "Short reads that had to move to a thread of their own.", .counter,
                [.init(counts.movedReads)]),
        ]
        if let bytes = counts.logBytes {
            families.append(.init("hms_storage_wal_bytes", "Size of the write-ahead log.", .gauge, [.init(bytes)]))
        }
        if let all = counts.connections, let used = counts.connectionsInUse {
            families.append(
                .init(
                    "hms_storage_connections", "Connections to the database server, by what they do.", .gauge,
                    [.init(used, ["state": "used"]), .init(all - used, ["state": "idle"])]))
        }
        return families
    }
}

/// Events that others have not taken. Asking costs reads, so what was told is told again for a moment.
private final class EventBacklog: Sendable {
    private struct Told {
        let families: [MetricFamily]
        let at: ContinuousClock.Instant
    }

    private static let freshness = Duration.seconds(5)

    /// These alone: the metrics keep who is asked for them, and whatever kept the metrics would never end.
    private let database: Database
    private let clock: HospitalClock
    private let subscriptions: [EventSubscription]
    private let told = Mutex<Told?>(nil)
    private let failures: Counter

    init(_ resources: ServiceResources, _ subscriptions: [EventSubscription]) {
        database = resources.database
        clock = resources.clock
        self.subscriptions = subscriptions
        failures = resources.metrics.counter(
            "hms_metrics_reads_failed_total", "How often the database did not say what metrics were to tell of it.")
    }

    func families() async -> [MetricFamily] {
        if let told = told.withLock({ $0 }), .now - told.at < Self.freshness { return told.families }
        do {
            let families = try await read()
            told.withLock { $0 = Told(families: families, at: .now) }
            return families
        } catch {
            // A number that is not known is not told; what is wrong with the database is said where it is used.
            failures.add()
            return []
        }
    }

    private func read() async throws -> [MetricFamily] {
        let now = clock.now().millisecondsSinceEpoch
        let subscriptions = subscriptions
        let (backlogs, dead) = try await database.scan { reader in
            (
                try subscriptions.map { ($0.subscriber, try reader.backlog(of: $0.subscriber, types: $0.eventTypes)) },
                try reader.deadLetterCounts()
            )
        }
        let leases = try await database.heldLeases()
        return [
            .init(
                "hms_outbox_undelivered_events", "Events that a subscriber has not taken.", .gauge,
                backlogs.map { .init($1.count, ["subscriber": $0]) }),
            .init(
                "hms_outbox_oldest_undelivered_seconds", "How long ago the oldest of them happened, by the hospital's clock.", .gauge,
                backlogs.map { .init(max(0, Double(now - ($1.oldestAt ?? now)) / 1_000), ["subscriber": $0]) }),
            .init(
                "hms_outbox_dead_letters", "Events that a subscriber has refused too often; they wait to be revived.", .gauge,
                backlogs.map { .init(dead[$0.0] ?? 0, ["subscriber": $0.0]) }),
            .init(
                "hms_lease_held", "Work that this replica does for all, under a lease; the number is always 1.", .gauge,
                leases.map { .init(1, ["lease": $0]) }),
        ].filter { !$0.samples.isEmpty }
    }
}

extension Metrics {
    /// What became of events since the start, by who hears of them.
    func collect(eventsOf work: BackgroundWork) {
        collect {
            let counts = work.eventCounts.sorted { $0.key < $1.key }
            func samples(_ count: (OutboxCounts) -> Int) -> [MetricFamily.Sample] {
                counts.map { .init(count($0.value), ["subscriber": $0.key]) }
            }
            return [
                .init("hms_outbox_delivered_total", "Events that a subscriber has taken.", .counter, samples(\.delivered)),
                .init("hms_outbox_refused_total", "Events that a subscriber has refused, each try.", .counter, samples(\.rejected)),
                .init("hms_outbox_dead_lettered_total", "Events that became dead letters.", .counter, samples(\.deadLettered)),
                .init("hms_outbox_unanswered_total", "Tries to which a subscriber had no answer.", .counter, samples(\.unanswered)),
            ].filter { !$0.samples.isEmpty }
        }
    }
}
