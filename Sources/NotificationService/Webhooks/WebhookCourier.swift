import Contracts
import Logging
import NotificationRules
import ServiceKit
import Storage
import Vocabulary

/// Tells webhooks what they are to be told.
///
/// A process that dies between the handing over and the write that says so tells the same once more: at least once for the
/// outside, and never SENT without having been taken.
struct WebhookCourier: Sendable {
    private let resources: ServiceResources
    private let post: WebhookPost
    private let realTime: @Sendable () async throws -> Instant
    private let backoff: DeliveryBackoff

    private static let atOnce = 32

    /// - Parameter realClock: instead of the database's.
    init(_ resources: ServiceResources, by post: WebhookPost? = nil, realClock: HospitalClock? = nil) {
        self.resources = resources
        self.post = post ?? WebhookPost(allowsPrivate: resources.settings.notification.allowsPrivateWebhooks)
        realTime = resources.database.realTime(orBy: realClock)
        var backoff = DeliveryBackoff()
        backoff.first = resources.settings.notification.retryPause
        backoff.longest = longestPause
        self.backoff = backoff
    }

    /// Goes on until nothing is due.
    func deliverDue() async throws {
        while true {
            let now = try await realTime()
            let due = try await resources.database.read { try $0.deliveriesDue(at: now, limit: Self.atOnce) }
            try await withThrowingTaskGroup { group in
                for (stored, webhook) in due {
                    group.addTask { try await settle(stored, await post.handOver(stored, to: webhook)) }
                }
                try await group.waitForAll()
            }
            if due.count < Self.atOnce { return }
        }
    }

    /// A try that the end of the service has broken off is none. Whoever ends after it was taken still says so.
    private func settle(_ stored: StoredWebhookDelivery, _ handover: Handover) async throws {
        if Task.isCancelled, handover != .accepted { throw CancellationError() }
        let delivery = stored.delivery.after(handover, at: resources.clock.now())
        let pause = pause(before: backoff.pause(after: Int(delivery.attempts)), asked: handover.retryAfter)
        let isWritten = try await Task {
            let next = try await realTime() + pause
            return try await resources.database.write { try $0.update(delivery, nextAttemptAt: next) }
        }.value
        if isWritten { log(delivery, stored.correlationID) }
    }

    private func log(_ delivery: WebhookDelivery, _ correlationID: String) {
        let metadata: Logger.Metadata = [
            "delivery_id": "\(delivery.deliveryID)", "webhook_id": "\(delivery.webhookID)", "type": "\(delivery.eventType)",
            "attempts": "\(delivery.attempts)", "error": "\(delivery.lastError ?? "")", "correlation_id": "\(correlationID)",
        ]
        switch delivery.status {
        case .sent: resources.logger.info("A webhook was told", metadata: metadata)
        case .failed: resources.logger.error("A webhook could not be told", metadata: metadata)
        case .pending, .unspecified, .unrecognized: resources.logger.warning("A webhook is told again later", metadata: metadata)
        }
    }
}

extension WebhookDelivery {
    /// The delivery in the next version, after a try.
    fileprivate func after(_ handover: Handover, at now: Instant) -> WebhookDelivery {
        var tried = self
        tried.attempts += 1
        tried.version += 1
        tried.lastError = handover.error
        switch step(after: handover, tries: Int(tried.attempts)) {
        case .sent:
            tried.status = .sent
            tried.sentAt = ProtobufTimestamp(now)
        case .pending:
            tried.status = .pending
        case .failed:
            tried.status = .failed
        }
        return tried
    }
}
