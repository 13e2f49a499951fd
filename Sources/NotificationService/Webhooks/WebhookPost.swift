import AsyncHTTPClient
import Contracts
import Foundation
import NIOCore
import NIOHTTP1
import NotificationRules
import RPC
import ServiceKit

/// What became of a post.
struct WebhookAnswer: Hashable, Sendable {
    let handover: Handover
    /// Whether nobody was there who could have said anything.
    var isSilence = false
}

/// Posts what webhooks are told, each to an address that was looked at before: a name can't lead somewhere else in between. Of an
/// answer only its status and headers are read.
struct WebhookPost: Sendable {
    /// Whether addresses within may be reached, and hosts without TLS.
    let allowsPrivate: Bool
    var resolver: any AddressResolver = SystemResolver()
    var timeout: Duration = .seconds(10)
    var unixTime: @Sendable () -> Int64 = { Int64(Date().timeIntervalSince1970) }

    func handOver(_ stored: StoredWebhookDelivery, to webhook: StoredWebhook, signedBy signature: WebhookSignature) async -> WebhookAnswer {
        guard let url = WebhookURL(webhook.webhook.url, allowsPlain: allowsPrivate) else {
            return WebhookAnswer(handover: .refused("The hospital posts to no such URL."))
        }
        let address: String
        do {
            guard let found = try await open(url) else { return WebhookAnswer(handover: .refused("The host is not on the open net.")) }
            address = found
        } catch {
            return WebhookAnswer(handover: .failed("The host can't be found."), isSilence: true)
        }
        var options = HTTPClient.Configuration(redirectConfiguration: .disallow)
        options.timeout.connect = .seconds(5)
        options.dnsOverride = [url.host: address]
        let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: options)
        let answer = await post(stored, to: webhook, signedBy: signature, by: client)
        // Its connections are closed with it; that they were not in time concerns nobody.
        try? await client.shutdown()
        return answer
    }

    private func post(
        _ stored: StoredWebhookDelivery, to webhook: StoredWebhook, signedBy signature: WebhookSignature, by client: HTTPClient
    ) async -> WebhookAnswer {
        var request = HTTPClientRequest(url: webhook.webhook.url)
        request.method = .POST
        request.headers = [
            "Content-Type": "application/json", "Idempotency-Key": stored.delivery.deliveryID, "X-Correlation-ID": stored.correlationID,
            "X-HMS-Signature": signature.text(of: Array(stored.body.utf8), at: unixTime()),
        ]
        request.body = .bytes(Array(stored.body.utf8))
        do {
            let response = try await client.execute(request, timeout: TimeAmount(timeout))
            let retryAfter = RetryAfter.pause(in: response.headers, at: unixTime())
            return WebhookAnswer(handover: Handover(answeredWith: Int(response.status.code), retryAfter: retryAfter))
        } catch {
            return WebhookAnswer(handover: .failed("The web service does not answer."), isSilence: true)
        }
    }

    /// The first address of the host that may be reached; nil where none may.
    private func open(_ url: WebhookURL) async throws -> String? {
        let loop = HTTPClient.defaultEventLoopGroup.any()
        let addresses = try await resolver.addresses(of: ServerAddress(host: url.host, port: url.port), on: loop).get()
        return addresses.first { allowsPrivate || IPAddress($0).map(OpenNet.contains) == true }?.ipAddress
    }
}
