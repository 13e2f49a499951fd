import Contracts
import Logging
import NotificationRules
import ServiceKit
import Storage
import Vocabulary

/// Hands the notifications of one channel over.
///
/// A process that dies between the handing over and the write that says so hands the same notification over again: at
/// least once for the outside, and never SENT without having been handed over.
struct Deliverer: Sendable {
    private let resources: ServiceResources
    private let channel: Channel
    private let transport: any Transport
    private let realClock: HospitalClock
    private let backoff: DeliveryBackoff

    init(_ resources: ServiceResources, _ channel: Channel, by transport: any Transport, realClock: HospitalClock = .system) {
        self.resources = resources
        self.channel = channel
        self.transport = transport
        self.realClock = realClock
        var backoff = DeliveryBackoff()
        backoff.first = resources.settings.notification.retryPause
        backoff.longest = longestPause
        self.backoff = backoff
    }

    /// Goes on until nothing is due.
    func deliverDue() async throws {
        while true {
            let realTime = realClock.now()
            let limit = transport.lettersAtOnce
            let due = try await resources.database.read { [channel] in try $0.pending(by: channel, at: realTime, limit: limit) }
            try await withThrowingTaskGroup { group in
                for stored in due { group.addTask { try await deliver(stored) } }
                try await group.waitForAll()
            }
            if due.count < limit { return }
        }
    }

    private func deliver(_ stored: StoredNotification) async throws {
        let handover = await transport.handOver(Letter(stored, by: channel))
        // A try that the end of the service has broken off is none.
        if handover != .accepted { try Task.checkCancellation() }
        let tried = stored.notification.after(handover, at: resources.clock.now())
        let nextAttemptAt = realClock.now() + pause(before: backoff.pause(after: Int(tried.attempts)), asked: handover.retryAfter)
        guard try await resources.database.write({ try $0.update(tried, nextAttemptAt: nextAttemptAt) }) else { return }
        log(tried, correlationID: stored.correlationID)
    }

    private func log(_ notification: Notification, correlationID: String) {
        let metadata: Logger.Metadata = [
            "notification_id": "\(notification.notificationID)", "type": "\(notification.eventType)", "channel": "\(channel.rawValue)",
            "attempts": "\(notification.attempts)", "error": "\(notification.lastError ?? "")", "correlation_id": "\(correlationID)",
        ]
        switch notification.status {
        case .sent: resources.logger.info("A notification was handed over", metadata: metadata)
        case .failed: resources.logger.error("A notification is a dead letter", metadata: metadata)
        case .pending, .unspecified, .unrecognized: resources.logger.warning("A notification is tried again", metadata: metadata)
        }
    }
}

extension Letter {
    fileprivate init(_ stored: StoredNotification, by channel: Channel) {
        let notification = stored.notification
        self.init(
            notificationID: notification.notificationID, eventType: notification.eventType, channel: channel,
            recipient: notification.recipient, recipientID: notification.recipientID, subject: stored.subject,
            message: notification.message, metadata: notification.metadata ?? .init(), correlationID: stored.correlationID)
    }
}

extension Notification {
    /// The notification in the next version, after a try to hand it over.
    fileprivate func after(_ handover: Handover, at now: Instant) -> Notification {
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

extension Handover {
    fileprivate var error: String? {
        switch self {
        case .accepted: nil
        case .failed(let sentence, _), .refused(let sentence): sentence
        }
    }

    fileprivate var retryAfter: Duration? {
        switch self {
        case .failed(_, let retryAfter): retryAfter
        case .accepted, .refused: nil
        }
    }
}
