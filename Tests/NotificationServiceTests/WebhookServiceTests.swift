import Contracts
import Crypto
import Foundation
import HMSTestKit
import NIOCore
import RPC
import ServiceKit
import Testing
import Vocabulary

@testable import NotificationService

/// Leads every name to one address.
private struct OneAddress: AddressResolver {
    let address: String

    func addresses(of name: ServerAddress, on eventLoop: any EventLoop) -> EventLoopFuture<[SocketAddress]> {
        eventLoop.makeCompletedFuture { [try SocketAddress(ipAddress: address, port: name.port)] }
    }
}

/// Programs that are told of what happens in the hospital.
@Suite(.timeLimit(.minutes(10))) struct WebhookServiceTests {
    struct Request: Decodable {
        let path: String
        let headers: [String: String]
        let body: String
    }

    private func withWebhooks(_ test: (NotificationServiceUnderTest, ServerProcess) async throws -> Void) async throws {
        try await withNotifications(configure: { $0.notification.allowsPrivateWebhooks = true }) { hospital in
            try await test(hospital, try ServerProcess("web_server.py"))
        }
    }

    private func courier(_ hospital: NotificationServiceUnderTest) -> WebhookCourier {
        WebhookCourier(
            hospital.service.resources, by: WebhookPost(allowsPrivate: true, unixTime: { 1_772_422_200 }),
            realClock: hospital.realClock.clock)
    }

    private func made(
        _ hospital: NotificationServiceUnderTest, _ server: ServerProcess, answering status: Int = 200
    ) async throws -> Webhook {
        let url = "http://127.0.0.1:\(server.port)/answer/\(status)"
        let request = CreateWebhookRequest(url: url, eventTypes: ["appointment.booked"], secret: "hush hush hush hush")
        return try #require(try await hospital.client(.admin).createWebhook(request).webhook)
    }

    private func deliveries(_ hospital: NotificationServiceUnderTest, _ webhook: Webhook) async throws -> [WebhookDelivery] {
        try await hospital.client(.admin).listWebhookDeliveries(ListWebhookDeliveriesRequest(webhookID: webhook.webhookID)).deliveries
    }

    @Test func `a webhook is posted what it asked for, once, signed with its secret`() async throws {
        try await withWebhooks { hospital, server in
            let webhook = try await made(hospital, server)
            let start = NotificationServiceUnderTest.slotStart
            let moved = hospital.moved(id: "evt_2", to: start + .seconds(1_800), from: start)
            try await hospital.deliver(hospital.booked(), hospital.booked(), moved)
            try await courier(hospital).deliverDue()
            let told = try await deliveries(hospital, webhook)
            #expect(told.map(\.status) == [.sent] && told.map(\.eventID) == ["evt_1"])
            let request = try #require(try server.takings(Request.self).first)
            #expect(try server.takings(Request.self).count == 1)
            #expect(request.headers["idempotency-key"] == told[0].deliveryID)
            let code = HMAC<SHA256>.authenticationCode(
                for: Data("1772422200.\(request.body)".utf8), using: SymmetricKey(data: Data("hush hush hush hush".utf8)))
            #expect(request.headers["x-hms-signature"] == "t=1772422200,v1=\(code.map { String(format: "%02x", $0) }.joined())")
            let body = try #require(try JSONSerialization.jsonObject(with: Data(request.body.utf8)) as? [String: Any])
            #expect(body["event_type"] as? String == "appointment.booked" && body["event_id"] as? String == "evt_1")
            let data = try #require(body["data"] as? [String: Any])
            #expect(data["appointment_id"] as? String == NotificationServiceUnderTest.appointmentID)
        }
    }

    @Test func `what is not taken is tried 8 times, and can be replayed`() async throws {
        try await withWebhooks { hospital, server in
            let webhook = try await made(hospital, server, answering: 503)
            try await hospital.deliver(hospital.booked())
            for _ in 0..<9 {
                try await courier(hospital).deliverDue()
                hospital.realClock.now = hospital.realClock.now + .seconds(3_601)
            }
            let dead = try #require(try await deliveries(hospital, webhook).first)
            #expect(dead.status == .failed && dead.attempts == 8 && dead.lastError == "The web service answered 503.")
            #expect(try server.takings(Request.self).count == 8)
            let replay = ReplayWebhookDeliveryRequest(webhookID: webhook.webhookID, deliveryID: dead.deliveryID)
            _ = try await hospital.client(.admin).replayWebhookDelivery(replay)
            await expectRefusal(.failedPrecondition, "INVALID_STATE") {
                _ = try await hospital.client(.admin).replayWebhookDelivery(replay)
            }
        }
    }

    @Test func `a secret is told where the webhook is made, and never again`() async throws {
        try await withWebhooks { hospital, server in
            let webhook = try await made(hospital, server)
            #expect(webhook.secret == "hush hush hush hush")
            let admin = try await hospital.client(.admin)
            #expect(try await admin.getWebhook(GetWebhookRequest(webhookID: webhook.webhookID)).webhook?.secret == nil)
            #expect(try await admin.listWebhooks(ListWebhooksRequest()).webhooks.map(\.secret) == [nil])
            let other = CreateWebhookRequest(url: "https://lab.example/", eventTypes: ["bill.created"])
            #expect(try await admin.createWebhook(other).webhook?.secret?.count == 44)
        }
    }

    @Test func `a webhook that is deleted is told nothing any more`() async throws {
        try await withWebhooks { hospital, server in
            let webhook = try await made(hospital, server)
            try await hospital.deliver(hospital.booked())
            let admin = try await hospital.client(.admin)
            let deletion = DeleteWebhookRequest(webhookID: webhook.webhookID)
            _ = try await admin.deleteWebhook(deletion)
            await expectRefusal(.notFound, "WEBHOOK_NOT_FOUND") { _ = try await admin.deleteWebhook(deletion) }
            try await courier(hospital).deliverDue()
            #expect(try server.takings(Request.self).isEmpty)
            await expectRefusal(.notFound, "WEBHOOK_NOT_FOUND") { _ = try await deliveries(hospital, webhook) }
        }
    }

    @Test func `an event that does not exist, and a URL that is none, are refused`() async throws {
        try await withNotifications { hospital in
            let admin = try await hospital.client(.admin)
            for request in [
                CreateWebhookRequest(url: "https://lab.example/", eventTypes: ["tea.ready"]),
                CreateWebhookRequest(url: "http://lab.example/", eventTypes: ["bill.created"]),
            ] {
                await expectRefusal(.invalidArgument, "INVALID_ARGUMENT") { _ = try await admin.createWebhook(request) }
            }
        }
    }

    @Test(arguments: ["127.0.0.1", "169.254.169.254", "10.0.0.7", "::1"])
    func `a name that leads within is not followed`(address: String) async throws {
        try await withNotifications { hospital in
            let request = CreateWebhookRequest(url: "https://lab.example/", eventTypes: ["appointment.booked"])
            let webhook = try #require(try await hospital.client(.admin).createWebhook(request).webhook)
            try await hospital.deliver(hospital.booked())
            let post = WebhookPost(allowsPrivate: false, resolver: OneAddress(address: address))
            try await WebhookCourier(hospital.service.resources, by: post, realClock: hospital.realClock.clock).deliverDue()
            let told = try #require(try await deliveries(hospital, webhook).first)
            #expect(told.status == .failed && told.lastError == "The host is not on the open net.")
        }
    }
}
