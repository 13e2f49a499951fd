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
    private let realTime: @Sendable () async throws -> Instant
    private let backoff: DeliveryBackoff

    /// - Parameter realClock: instead of the database's.
    init(_ resources: ServiceResources, _ channel: Channel, by transport: any Transport, realClock: HospitalClock? = nil) {
        self.resources = resources
        self.channel = channel
        self.transport = transport
        realTime = resources.database.realTime(orBy: realClock)
        var backoff = DeliveryBackoff()
        backoff.first = resources.settings.notification.retryPause
        backoff.longest = longestPause
        self.backoff = backoff
    }

    /// Goes on until nothing is due.
    func deliverDue() async throws {
        while true {
            let realTime = try await realTime()
            let limit = transport.lettersAtOnce
            let due = try await resources.database.read { [channel] in try $0.pending(by: channel, at: realTime, limit: limit) }
            if due.isEmpty { return }
            try await deliver(due)
            if due.count < limit { return }
        }
    }

    /// Each for itself where they go to others, who may take their time; all together where one handover is as cheap as many.
    private func deliver(_ due: [StoredNotification]) async throws {
        if let transport = transport as? any BatchTransport {
            let followUps = due.map { resources.traces.followUp(of: $0.correlationID) }
            let handovers = Array(zip(due, await transport.handOver(due.map(letter))))
            for (followUp, (stored, handover)) in zip(followUps, handovers) { end(followUp, stored, handover) }
            return try await settle(handovers)
        }
        try await withThrowingTaskGroup { group in
            for stored in due {
                group.addTask {
                    try await settle([(stored, await handOver(stored))])
                }
            }
            try await group.waitForAll()
        }
    }

    /// Writes in one transaction what came of the letters, or each in its own where that fails, so that one does not hold up the
    /// others. A try that the end of the service has broken off is none.
    private func settle(_ handovers: [(StoredNotification, Handover)]) async throws {
        let isCancelled = Task.isCancelled
        let realTime = try await Task(operation: { try await self.realTime() }).value
        let tries = handovers.filter { $0.1 == .accepted || !isCancelled }.map { tried($0, $1, at: realTime) }
        // Not to be cancelled: whoever ends now has handed them over.
        for settled in try await Task(operation: { try await write(tries) }).value { log(settled) }
        if tries.count < handovers.count { throw CancellationError() }
    }

    /// Those that nobody else has changed meanwhile.
    private func write(_ tries: [Tried]) async throws -> [Tried] {
        guard !tries.isEmpty else { return [] }
        do {
            return try await resources.database.write { transaction in try tries.filter { try transaction.update($0) } }
        } catch  where tries.count > 1 && !Task.isCancelled {
            var written: [Tried] = []
            for tried in tries where try await resources.database.write({ try $0.update(tried) }) { written.append(tried) }
            return written
        }
    }

    /// Whoever looks at the request that it tells of sees that it was told.
    private func end(_ followUp: FollowUp?, _ stored: StoredNotification, _ handover: Handover) {
        followUp?.end(
            "letter by \(channel.rawValue.lowercased())", code: handover.word, failed: handover != .accepted,
            attributes: [.init("event", stored.notification.eventType)])
    }

    private func handOver(_ stored: StoredNotification) async -> Handover {
        guard let followUp = resources.traces.followUp(of: stored.correlationID) else { return await transport.handOver(letter(stored)) }
        let handover = await followUp.run { await transport.handOver(letter(stored)) }
        end(followUp, stored, handover)
        return handover
    }

    private func letter(_ stored: StoredNotification) -> Letter { Letter(stored, by: channel) }

    private func tried(_ stored: StoredNotification, _ handover: Handover, at realTime: Instant) -> Tried {
        let notification = stored.notification.after(handover, at: resources.clock.now())
        let pause = pause(before: backoff.pause(after: Int(notification.attempts)), asked: handover.retryAfter)
        return Tried(notification: notification, nextAttemptAt: realTime + pause, correlationID: stored.correlationID)
    }

    private func log(_ tried: Tried) {
        let notification = tried.notification
        let metadata: Logger.Metadata = [
            "notification_id": "\(notification.notificationID)", "type": "\(notification.eventType)", "channel": "\(channel.rawValue)",
            "attempts": "\(notification.attempts)", "error": "\(notification.lastError ?? "")", "correlation_id": "\(tried.correlationID)",
        ]
        switch notification.status {
        case .sent: resources.logger.info("A notification was handed over", metadata: metadata)
        case .failed: resources.logger.error("A notification is a dead letter", metadata: metadata)
        case .pending, .unspecified, .unrecognized: resources.logger.warning("A notification is tried again", metadata: metadata)
        }
    }
}

/// A notification after a try to hand it over.
private struct Tried: Sendable {
    let notification: Notification
    /// By the real clock, where it is to be tried again.
    let nextAttemptAt: Instant
    let correlationID: String
}

extension Transaction {
    fileprivate func update(_ tried: Tried) throws -> Bool {
        try update(tried.notification, nextAttemptAt: tried.nextAttemptAt)
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
    fileprivate var word: String {
        switch self {
        case .accepted: "OK"
        case .failed: "FAILED"
        case .refused: "REFUSED"
        }
    }

    var error: String? {
        switch self {
        case .accepted: nil
        case .failed(let sentence, _), .refused(let sentence): sentence
        }
    }

    var retryAfter: Duration? {
        switch self {
        case .failed(_, let retryAfter): retryAfter
        case .accepted, .refused: nil
        }
    }
}
