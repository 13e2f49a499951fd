import Contracts
import Logging
import NotificationRules
import ServiceKit
import Storage
import Vocabulary

/// Tells webhooks what they are to be told, each at its own pace: one that is slow, or does not answer, holds up no other.
///
/// A process that dies between the handing over and the write that says so tells the same once more: at least once for the
/// outside, and never SENT without having been taken.
struct WebhookCourier: Sendable {
    private let resources: ServiceResources
    private let post: WebhookPost
    private let secrets: WebhookSecrets
    private let realTime: @Sendable () async throws -> Instant
    private let backoff: DeliveryBackoff

    /// How much one webhook is told at once.
    private static let atOnce = 4

    /// How much may wait for one webhook. What is older is given up, and told when somebody asks for it.
    static let longestBacklog = 10_000

    /// - Parameter realClock: instead of the database's.
    init(_ resources: ServiceResources, by post: WebhookPost? = nil, realClock: HospitalClock? = nil) {
        self.resources = resources
        secrets = WebhookSecrets(resources)
        self.post = post ?? WebhookPost(allowsPrivate: resources.settings.notification.allowsPrivateWebhooks)
        realTime = resources.database.realTime(orBy: realClock)
        var backoff = DeliveryBackoff()
        backoff.first = resources.settings.notification.retryPause
        backoff.longest = longestPause
        self.backoff = backoff
    }

    /// Goes on until nothing is due. Whoever becomes due meanwhile is told beside those who take their time.
    func deliverDue() async throws {
        try await withThrowingTaskGroup(of: Ended.self) { group in
            var busy: Set<String> = []
            // Those whose secret can't be opened wait, and are looked at again in the next round.
            var closed: Set<String> = []
            var isWaiting = false
            while true {
                let now = try await realTime()
                for webhook in try await resources.database.read({ try $0.webhooksDue(at: now) }) {
                    let id = webhook.webhook.webhookID
                    guard !closed.contains(id), !busy.contains(id) else { continue }
                    guard let signature = secrets.signature(of: webhook) else {
                        closed.insert(id)
                        continue
                    }
                    busy.insert(id)
                    group.addTask { .webhook(try await tell(webhook, signedBy: signature)) }
                }
                if busy.isEmpty { return group.cancelAll() }
                if !isWaiting { group.addTask { await pauseBeforeLooking() } }
                isWaiting = true
                switch try await group.next() {
                case .webhook(let id): busy.remove(id)
                case .pause, nil: isWaiting = false
                }
            }
        }
    }

    /// Gives up the oldest of what waits for webhooks that are too far behind.
    ///
    /// - Parameter limit: how much may wait for each.
    func giveUpBacklogs(over limit: Int = Self.longestBacklog) async throws {
        for webhookID in try await resources.database.read({ try $0.webhookIDs() }) {
            guard let end = try await resources.database.scan({ try $0.endOfBacklog(of: webhookID, over: limit) }) else { continue }
            let count = try await resources.database.write { transaction in
                try transaction.giveUpDeliveries(to: webhookID, upTo: end, error: "More than \(limit) events were waiting.")
            }
            resources.logger.error("A webhook is too far behind", metadata: ["webhook_id": "\(webhookID)", "given_up": "\(count)"])
        }
    }

    /// What a task of the round was, that has ended.
    private enum Ended: Sendable {
        case webhook(String)
        case pause
    }

    private func pauseBeforeLooking() async -> Ended {
        // The end of the round ends it, too.
        try? await Task.sleep(for: .seconds(1))
        return .pause
    }

    /// Tells a webhook the oldest of what is due. Where its host does not answer, the rest counts as tried: asking it for each would
    /// take as long again.
    private func tell(_ webhook: StoredWebhook, signedBy signature: WebhookSignature) async throws -> String {
        let id = webhook.webhook.webhookID
        let now = try await realTime()
        let due = try await resources.database.read { try $0.deliveriesDue(to: id, at: now, limit: Self.atOnce) }
        let silence = try await withThrowingTaskGroup(of: WebhookAnswer.self, returning: String?.self) { group in
            for stored in due {
                group.addTask {
                    let answer = await post.handOver(stored, to: webhook, signedBy: signature)
                    try await settle(stored, answer.handover)
                    return answer
                }
            }
            return try await group.reduce(nil as String?) { $1.isSilence ? $1.handover.error : $0 }
        }
        if let silence { try await miss(id, at: now, silence) }
        return id
    }

    private func miss(_ webhookID: String, at now: Instant, _ error: String) async throws {
        let later = try await realTime()
        try await resources.database.write { transaction in
            for tries in 0..<triesToDeadLetter {
                let next = later + backoff.pause(after: tries + 1)
                try transaction.missDue(to: webhookID, triedBefore: tries, at: now, error: error, nextAttemptAt: next)
            }
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
