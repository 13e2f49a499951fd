import Logging
import Storage
import Vocabulary

/// Forgets answers to old idempotency keys, and events that everybody has received.
struct Housekeeping: BackgroundWorker {
    let name = "housekeeping"
    let database: Database
    let relay: OutboxRelay
    /// The hospital's: events carry its time.
    let clock: HospitalClock
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
        try await relay.purge(createdBefore: clock.now().millisecondsSinceEpoch - Self.sentEventRetention.milliseconds)
        try await database.purgeInbox(receivedBefore: now - Self.receivedEventRetention.milliseconds)
    }
}

extension Duration {
    fileprivate var milliseconds: Int64 {
        components.seconds * 1_000 + components.attoseconds / 1_000_000_000_000_000
    }
}
