import Contracts
import Foundation
import HMSTestKit
import NIOCore
import ProtobufC
import RPC
import ServiceKit
import Synchronization
import Testing
import Vocabulary

@testable import NotificationService

/// What a receiver, or whoever makes a webhook, could try against the hospital.
@Suite(.timeLimit(.minutes(10))) struct WebhookAttackTests {
    private typealias Request = WebhookServiceTests.Request

    private func courier(
        _ hospital: NotificationServiceUnderTest, timeout: Duration = .seconds(10), allowsPrivate: Bool = true,
        resolver: any AddressResolver = SystemResolver()
    ) -> WebhookCourier {
        WebhookCourier(
            hospital.service.resources, by: WebhookPost(allowsPrivate: allowsPrivate, resolver: resolver, timeout: timeout),
            realClock: hospital.realClock.clock)
    }

    private func withWebhooks(_ test: (NotificationServiceUnderTest, ServerProcess) async throws -> Void) async throws {
        try await withNotifications(configure: { $0.notification.allowsPrivateWebhooks = true }) { hospital in
            try await test(hospital, try ServerProcess("web_server.py"))
        }
    }

    private func made(_ hospital: NotificationServiceUnderTest, _ url: String) async throws -> String {
        let request = CreateWebhookRequest(url: url, eventTypes: ["appointment.booked"], secret: "hush hush hush hush")
        return try #require(try await hospital.client(.admin).createWebhook(request).webhook).webhookID
    }

    private func deliveries(_ hospital: NotificationServiceUnderTest, _ webhookID: String) async throws -> [WebhookDelivery] {
        let request = ListWebhookDeliveriesRequest(webhookID: webhookID, pageSize: 500)
        return try await hospital.client(.admin).listWebhookDeliveries(request).deliveries
    }

    private func delivery(_ hospital: NotificationServiceUnderTest, _ webhookID: String) async throws -> WebhookDelivery {
        try #require(try await deliveries(hospital, webhookID).first)
    }

    @Test func `who is sent elsewhere does not go there`() async throws {
        try await withWebhooks { hospital, server in
            let webhook = try await made(hospital, "http://127.0.0.1:\(server.port)/answer/302")
            try await hospital.deliver(hospital.booked())
            try await courier(hospital).deliverDue()
            let told = try await delivery(hospital, webhook)
            #expect(told.status == .failed && told.lastError == "The web service answered 302.")
            #expect(try server.takings(Request.self).map(\.path) == ["/answer/302"])
        }
    }

    @Test(arguments: [
        "https://127.1/", "https://2130706433/", "https://0x7f000001/", "https://0177.0.0.1/", "https://localhost/", "https://LOCALHOST./",
        "https://[::1]/", "https://[::ffff:127.0.0.1]/", "https://[::ffff:7f00:1]/", "https://[64:ff9b::7f00:1]/", "https://0.0.0.0/",
    ])
    func `this machine is not reached by any spelling of its address`(url: String) async throws {
        try await withNotifications { hospital in
            let webhook = try await made(hospital, url)
            try await hospital.deliver(hospital.booked())
            try await courier(hospital, allowsPrivate: false).deliverDue()
            let told = try await delivery(hospital, webhook)
            #expect(["The host is not on the open net.", "The host can't be found."].contains(told.lastError))
        }
    }

    @Test(arguments: [
        "https://l%6fcalhost/", "https://127%2e0.0.1/", "https://lab.example%00.evil/", "https://a b/", "gopher://lab.example/",
        "https+unix://%2Ftmp%2Fsocket/", "javascript:alert(1)", "//lab.example/", "https://lab.example:99999/", "https://[fe80::1%25eth0]/",
    ])
    func `what could be read in two ways is no URL`(url: String) async throws {
        try await withWebhooks { hospital, _ in
            await expectRefusal(.invalidArgument, "INVALID_ARGUMENT") { _ = try await made(hospital, url) }
        }
    }

    @Test func `a name is looked up once for each try, and what was looked at is what is reached`() async throws {
        try await withWebhooks { hospital, server in
            let names = ChangingName(["127.0.0.1", "192.0.2.1"])
            let webhook = try await made(hospital, "http://lab.example:\(server.port)/answer/200")
            try await hospital.deliver(hospital.booked())
            try await courier(hospital, resolver: names).deliverDue()
            #expect(try await delivery(hospital, webhook).status == .sent && names.count == 1)
            #expect(try server.takings(Request.self).first?.headers["host"] == "lab.example:\(server.port)")
        }
    }

    @Test func `a name that leads within at the second look is not followed then`() async throws {
        try await withNotifications { hospital in
            let webhook = try await made(hospital, "https://lab.example/")
            try await hospital.deliver(hospital.booked())
            let post = courier(hospital, timeout: .milliseconds(1), allowsPrivate: false, resolver: ChangingName(["2000::1", "10.0.0.7"]))
            try await post.deliverDue()
            #expect(try await delivery(hospital, webhook).status == .pending)
            hospital.realClock.now = hospital.realClock.now + .seconds(3_601)
            try await post.deliverDue()
            let told = try await delivery(hospital, webhook)
            #expect(told.status == .failed && told.lastError == "The host is not on the open net.")
        }
    }

    @Test func `an answer without an end is taken by its status, and not read`() async throws {
        try await withWebhooks { hospital, server in
            let webhook = try await made(hospital, "http://127.0.0.1:\(server.port)/endless/200")
            try await hospital.deliver(hospital.booked())
            try await courier(hospital).deliverDue()
            #expect(try await delivery(hospital, webhook).status == .sent)
            let sent = try await sent(by: server)
            #expect(sent < 64 << 20, "\(sent) bytes")
        }
    }

    /// How much of an endless answer was sent until nobody listened.
    private func sent(by server: ServerProcess) async throws -> Int {
        while true {
            if let end = try server.takings(Request.self).first(where: { $0.path == "/sent" }) { return try #require(Int(end.body)) }
            try await Task.sleep(for: .milliseconds(10))
        }
    }

    @Test(arguments: ["/silent", "/drip"])
    func `who never comes to an end is left after a while, and asked for nothing more of what is due`(path: String) async throws {
        try await withWebhooks { hospital, server in
            let webhook = try await made(hospital, "http://127.0.0.1:\(server.port)\(path)")
            for number in 0..<20 { try await hospital.deliver(hospital.booked(id: "evt_\(number)")) }
            try await courier(hospital, timeout: .milliseconds(200)).deliverDue()
            let told = try await deliveries(hospital, webhook)
            #expect(told.count == 20 && told.allSatisfy { $0.status == .pending && $0.attempts == 1 })
            #expect(told.allSatisfy { $0.lastError == "The web service does not answer." })
            #expect(try server.takings(Request.self).count == 4)
        }
    }

    @Test func `who does not answer holds up nobody else`() async throws {
        try await withWebhooks { hospital, server in
            for _ in 0..<8 { _ = try await made(hospital, "http://127.0.0.1:\(server.port)/silent") }
            let other = try await made(hospital, "http://127.0.0.1:\(server.port)/answer/200")
            try await hospital.deliver(hospital.booked())
            let courier = courier(hospital, timeout: .seconds(3_600))
            let round = Task { try await courier.deliverDue() }
            defer { round.cancel() }
            for number in 0..<3 {
                try await hospital.deliver(hospital.booked(id: "evt_later_\(number)"))
                while try await deliveries(hospital, other).contains(where: { $0.status != .sent }) {
                    try await Task.sleep(for: .milliseconds(10))
                }
            }
            #expect(try await deliveries(hospital, other).count == 4)
        }
    }

    @Test func `what a receiver missed in a day is a dead letter, and is told when it is asked for`() async throws {
        let server = try ServerProcess("web_server.py")
        try await withNotifications(configure: { $0.notification.allowsPrivateWebhooks = true }) { hospital in
            let webhook = try await made(hospital, "http://lab.example:\(server.port)/answer/200")
            for number in 0..<50 { try await hospital.deliver(hospital.booked(id: "evt_\(number)")) }
            let away = courier(hospital, timeout: .milliseconds(100), resolver: NoName())
            for _ in 0..<24 {
                try await away.deliverDue()
                hospital.realClock.now = hospital.realClock.now + .seconds(3_601)
            }
            let dead = try await deliveries(hospital, webhook)
            #expect(dead.count == 50 && dead.allSatisfy { $0.status == .failed && $0.attempts == 8 })
            let admin = try await hospital.client(.admin)
            #expect(try await admin.replayWebhook(ReplayWebhookRequest(webhookID: webhook)).replayed == 50)
            #expect(try await admin.replayWebhook(ReplayWebhookRequest(webhookID: webhook)).replayed == 0)
            try await courier(hospital, resolver: ChangingName(["127.0.0.1"])).deliverDue()
            #expect(try await deliveries(hospital, webhook).allSatisfy { $0.status == .sent && $0.attempts == 1 })
            #expect(try server.takings(Request.self).count == 50)
        }
    }

    @Test func `of what waits for a webhook the newest is kept, and the rest is given up until it is asked for`() async throws {
        try await withWebhooks { hospital, server in
            let webhook = try await made(hospital, "http://127.0.0.1:\(server.port)/answer/200")
            for number in 10..<20 { try await hospital.deliver(hospital.booked(id: "evt_\(number)")) }
            try await courier(hospital).giveUpBacklogs(over: 4)
            let told = try await deliveries(hospital, webhook)
            #expect(told.filter { $0.status == .pending }.map(\.eventID) == ["evt_19", "evt_18", "evt_17", "evt_16"])
            #expect(told.filter { $0.status == .failed }.allSatisfy { $0.lastError == "More than 4 events were waiting." })
        }
    }

    @Test func `a webhook that is deleted while it is told ends nothing else`() async throws {
        try await withWebhooks { hospital, server in
            let webhook = try await made(hospital, "http://127.0.0.1:\(server.port)/silent")
            try await hospital.deliver(hospital.booked())
            let impatient = courier(hospital, timeout: .milliseconds(500))
            let round = Task { try await impatient.deliverDue() }
            while try server.takings(Request.self).isEmpty { try await Task.sleep(for: .milliseconds(10)) }
            _ = try await hospital.client(.admin).deleteWebhook(DeleteWebhookRequest(webhookID: webhook))
            try await round.value
            let other = try await made(hospital, "http://127.0.0.1:\(server.port)/answer/200")
            try await hospital.deliver(hospital.booked(id: "evt_2"))
            try await courier(hospital).deliverDue()
            #expect(try await delivery(hospital, other).status == .sent)
        }
    }

    @Test func `a hospital has 200 webhooks, and not one more`() async throws {
        try await withWebhooks { hospital, _ in
            for _ in 0..<200 { _ = try await made(hospital, "https://lab.example/") }
            await expectRefusal(.failedPrecondition, "WEBHOOK_LIMIT") { _ = try await made(hospital, "https://lab.example/") }
            try await hospital.deliver(hospital.booked())
            #expect(try await hospital.client(.admin).listWebhooks(ListWebhooksRequest(pageSize: 500)).webhooks.count == 200)
        }
    }

    @Test func `a secret stands in no log and in no later answer`() async throws {
        try await withWebhooks { hospital, server in
            let webhook = try await made(hospital, "http://127.0.0.1:\(server.port)/answer/503")
            try await hospital.deliver(hospital.booked())
            try await courier(hospital).deliverDue()
            let admin = try await hospital.client(.admin)
            let answers = [
                try await admin.getWebhook(GetWebhookRequest(webhookID: webhook)).protobuf(),
                try await admin.listWebhooks(ListWebhooksRequest()).protobuf(),
                try await admin.listWebhookDeliveries(ListWebhookDeliveriesRequest(webhookID: webhook)).protobuf(),
                try await admin.listEvents(ListEventsRequest()).protobuf(),
            ]
            for answer in answers { #expect(!String(decoding: answer, as: UTF8.self).contains("hush")) }
            #expect(!hospital.hospital.log.lines.isEmpty && !hospital.hospital.log.lines.contains { $0.contains("hush") })
        }
    }
}

/// A name that leads somewhere else each time it is looked up, and stays at the last.
private final class ChangingName: AddressResolver {
    private let addresses: [String]
    private let looks = Mutex(0)

    init(_ addresses: [String]) {
        self.addresses = addresses
    }

    /// How often it was looked up.
    var count: Int { looks.withLock { $0 } }

    func addresses(of name: ServerAddress, on eventLoop: any EventLoop) -> EventLoopFuture<[SocketAddress]> {
        let look = looks.withLock { looks in
            defer { looks += 1 }
            return looks
        }
        return eventLoop.makeCompletedFuture { [try SocketAddress(ipAddress: addresses[min(look, addresses.count - 1)], port: name.port)] }
    }
}

/// No name is found.
private struct NoName: AddressResolver {
    struct Unknown: Error {}

    func addresses(of name: ServerAddress, on eventLoop: any EventLoop) -> EventLoopFuture<[SocketAddress]> {
        eventLoop.makeFailedFuture(Unknown())
    }
}
