import Logging
import Storage
import Vocabulary

/// Forgets answers to old idempotency keys, and events that everybody has received who hears of them, whether he can be
/// reached now or not. Tells of dead letters, which nobody forgets.
struct Housekeeping: BackgroundWorker {
    let name = "housekeeping"
    let database: Database
    /// All who hear of the service's events, those too whose addresses are not known here.
    let hearers: [OutboxHearer]
    /// The hospital's: events carry its time.
    let clock: HospitalClock
    let logger: Logger
    let idempotencyRetention: Duration
    let eventRetention: Duration
    var auditRetention: Duration = HospitalConfiguration.usualAuditRetention

    /// Of receipts whose senders did not say what they keep: such senders repeat an event for days at most.
    private static let receivedEventRetention: Duration = .seconds(30 * 86_400)
    private static let interval: Duration = .seconds(3_600)

    func run() async {
        await Sweep(name, every: Self.interval, on: database, logger: logger) { try await clean(at: SystemTime.millisecondsSinceEpoch()) }
            .run()
    }

    /// `now` is in milliseconds since 1970, by the real clock.
    func clean(at now: Int64) async throws {
        try await IdempotencyStore(database).purge(createdBefore: now - idempotencyRetention.milliseconds)
        try await database.purgeOutbox(
            heardBy: hearers, createdBefore: clock.now().millisecondsSinceEpoch - eventRetention.milliseconds)
        try await database.purgeInbox(receivedBefore: now - Self.receivedEventRetention.milliseconds)
        try await purgeAudit(at: now)
        try await tellOfDeadLetters()
    }

    private func purgeAudit(at now: Int64) async throws {
        let count = try await database.purgeAudit(recordedBefore: now - auditRetention.milliseconds, at: now)
        if count > 0 { logger.notice("Old audit entries were forgotten", metadata: ["count": "\(count)"]) }
        try await database.purgeAnchors(keptBefore: now - auditRetention.milliseconds)
    }

    private func tellOfDeadLetters() async throws {
        for (subscriber, count) in try await database.read({ try $0.deadLetterCounts() }) {
            logger.error("Dead letters wait to be revived", metadata: ["subscriber": "\(subscriber)", "count": "\(count)"])
        }
    }
}

extension Duration {
    fileprivate var milliseconds: Int64 {
        components.seconds * 1_000 + components.attoseconds / 1_000_000_000_000_000
    }
}
