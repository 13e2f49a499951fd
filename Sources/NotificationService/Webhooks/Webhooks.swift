public import Contracts
import Foundation
public import RPC
import ServiceKit
import Storage
import Vocabulary

/// Each is told on its own, so that none waits for another, and there is room to do so for so many.
let mostWebhooks = 200

extension NotificationService {
    /// Makes a webhook. Its secret is told here and never again.
    public func createWebhook(_ request: CreateWebhookRequest, _ context: CallContext) async throws -> CreateWebhookResponse {
        let allowsPrivate = resources.settings.notification.allowsPrivateWebhooks
        guard WebhookURL(request.url, allowsPlain: allowsPrivate) != nil else {
            let sentence = allowsPrivate ? "must be http://… or https://…, without a login" : "must be https://…, without a login"
            throw Rejection(invalid: [.init(field: "url", sentence: sentence)])
        }
        let unknown = request.eventTypes.filter { EventType($0) == nil }
        guard unknown.isEmpty else { throw Rejection.noEvent(called: unknown, field: "event_types") }
        let secret = request.secret ?? Self.newSecret()
        let webhook = Webhook(
            webhookID: resources.ids.make(.webhook), url: request.url, eventTypes: Set(request.eventTypes).sorted(),
            createdAt: ProtobufTimestamp(resources.clock.now()), version: 1)
        let kept = try await secrets.kept(secret, of: webhook.webhookID)
        return try await commit(context, on: database, closingAnswerBy: secrets.sealOfAnswers) { transaction in
            guard try transaction.countWebhooks() < mostWebhooks else {
                throw Rejection(.webhookLimit, "There are \(mostWebhooks) webhooks, and a hospital has no more.")
            }
            try transaction.insert(webhook, secret: kept)
            var answered = webhook
            answered.secret = secret
            return CreateWebhookResponse(webhook: answered)
        }
    }

    private static func newSecret() -> String {
        Data((0..<32).map { _ in UInt8.random(in: .min ... .max) }).base64EncodedString()
    }

    /// Reads one webhook.
    public func getWebhook(_ request: GetWebhookRequest, _ context: CallContext) async throws -> GetWebhookResponse {
        GetWebhookResponse(webhook: try await database.read { try $0.webhook(request.webhookID).webhook })
    }

    /// Lists webhooks, newest first.
    public func listWebhooks(_ request: ListWebhooksRequest, _ context: CallContext) async throws -> ListWebhooksResponse {
        let page = try PageRequest<Int64>(request.pageSize, after: request.pageToken, filters: [])
        let webhooks = try await database.scan { try $0.webhooks(on: page) }
        return ListWebhooksResponse(webhooks: webhooks.rows.map(\.webhook), nextPageToken: webhooks.nextToken)
    }

    /// Takes a webhook away, with its deliveries.
    public func deleteWebhook(_ request: DeleteWebhookRequest, _ context: CallContext) async throws -> DeleteWebhookResponse {
        try await commit(context, on: database) { transaction in
            _ = try transaction.webhook(request.webhookID)
            try transaction.deleteWebhook(request.webhookID)
            return DeleteWebhookResponse()
        }
    }

    /// Lists what a webhook was told or is to be told.
    public func listWebhookDeliveries(
        _ request: ListWebhookDeliveriesRequest, _ context: CallContext
    ) async throws -> ListWebhookDeliveriesResponse {
        let page = try PageRequest<Int64>(
            request.pageSize, after: request.pageToken, filters: [request.webhookID, "\(request.status.rawValue)"])
        let status = request.status == .unspecified ? nil : request.status
        let deliveries = try await database.scan { reader in
            _ = try reader.webhook(request.webhookID)
            return try reader.deliveries(to: request.webhookID, status: status, on: page)
        }
        return ListWebhookDeliveriesResponse(deliveries: deliveries.rows.map(\.delivery), nextPageToken: deliveries.nextToken)
    }

    /// Tells a webhook everything once more that is FAILED, in the background.
    public func replayWebhook(_ request: ReplayWebhookRequest, _ context: CallContext) async throws -> ReplayWebhookResponse {
        try await commit(context, on: database) { transaction in
            _ = try transaction.webhook(request.webhookID)
            let count = try transaction.replayFailed(to: request.webhookID, limit: Self.mostReplayed)
            return ReplayWebhookResponse(replayed: Int32(count))
        }
    }

    private static let mostReplayed = 10_000

    /// Tells a webhook once more, in the background. What waits for its next try can't be told “once more”.
    public func replayWebhookDelivery(
        _ request: ReplayWebhookDeliveryRequest, _ context: CallContext
    ) async throws -> ReplayWebhookDeliveryResponse {
        let now = Instant(millisecondsSinceEpoch: try await database.realTime())
        return try await commit(context, on: database) { transaction in
            _ = try transaction.webhook(request.webhookID)
            var delivery = try transaction.delivery(request.deliveryID).delivery
            guard delivery.webhookID == request.webhookID else { throw Rejection.notFound(.delivery) }
            guard delivery.status != .pending else { throw Rejection(.invalidState, "It is still being told.") }
            delivery.status = .pending
            delivery.attempts = 0
            delivery.sentAt = nil
            delivery.version += 1
            _ = try transaction.update(delivery, nextAttemptAt: now)
            return ReplayWebhookDeliveryResponse(delivery: delivery)
        }
    }
}
