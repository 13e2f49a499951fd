import Logging
import Storage

/// What a service does while nobody calls it: tells others of its events, and forgets what need not be kept.
struct BackgroundWork: Sendable {
    private let relay: OutboxRelay
    private let relaying: Task<Void, Never>
    private let cleaning: Task<Void, Never>

    init(_ definition: ServiceDefinition, _ resources: ServiceResources, _ configuration: HospitalConfiguration) {
        let subscriptions = definition.subscriptions.filter { resources.peers.isConfigured($0.subscriber) }
        let relay = OutboxRelay(
            resources.database, subscribers: subscriptions.map { EventDelivery($0, resources).subscriber }, logger: resources.logger)
        let housekeeping = Housekeeping(
            database: resources.database, relay: relay, logger: resources.logger, idempotencyRetention: configuration.idempotencyRetention)
        self.relay = relay
        relaying = Task { await relay.run() }
        cleaning = Task { await housekeeping.run() }
    }

    func stop() async {
        relay.stop()
        cleaning.cancel()
        await relaying.value
        await cleaning.value
    }
}

/// Forgets answers to old idempotency keys, and events that everybody has received.
struct Housekeeping: Sendable {
    let database: Database
    let relay: OutboxRelay
    let logger: Logger
    let idempotencyRetention: Duration

    /// Senders repeat an event for days at most; its receipt is remembered longer.
    private static let sentEventRetention: Duration = .seconds(7 * 86_400)
    private static let receivedEventRetention: Duration = .seconds(30 * 86_400)
    private static let interval: Duration = .seconds(3_600)

    func run() async {
        while !Task.isCancelled {
            do {
                try await clean(at: SystemTime.millisecondsSinceEpoch())
                try await Task.sleep(for: Self.interval)
            } catch is CancellationError {
                return
            } catch {
                logger.warning("Old records could not be removed; it is tried again in an hour", metadata: ["error": "\(error)"])
                try? await Task.sleep(for: Self.interval)
            }
        }
    }

    /// `now` is in milliseconds since 1970, by the real clock.
    func clean(at now: Int64) async throws {
        try await IdempotencyStore(database).purge(createdBefore: now - idempotencyRetention.milliseconds)
        try await relay.purge(createdBefore: now - Self.sentEventRetention.milliseconds)
        try await database.purgeInbox(receivedBefore: now - Self.receivedEventRetention.milliseconds)
    }
}

extension Duration {
    fileprivate var milliseconds: Int64 {
        components.seconds * 1_000 + components.attoseconds / 1_000_000_000_000_000
    }
}
