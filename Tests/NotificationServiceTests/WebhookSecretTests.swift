import Contracts
import Crypto
import Foundation
import HMSTestKit
import ServiceKit
import Storage
import Testing

@testable import NotificationService

/// The secrets of webhooks, as the database holds them.
@Suite(.timeLimit(.minutes(10))) struct WebhookSecretTests {
    private static let secret = "canary-hush-hush-4711"

    private typealias Request = WebhookServiceTests.Request

    private func withWebhooks(
        hasKey: Bool = true, _ keeping: NotificationConfiguration.SecretKeeping = .sealed,
        _ test: (NotificationServiceUnderTest, ServerProcess) async throws -> Void
    ) async throws {
        try await withNotifications(configure: {
            $0.notification.allowsPrivateWebhooks = true
            $0.notification.webhookSecrets = keeping
        }) { hospital in
            if hasKey { try keys(hospital).findOrMake() }
            try await test(hospital, try ServerProcess("web_server.py"))
        }
    }

    private func keys(_ hospital: NotificationServiceUnderTest) -> SealingKeyFile {
        SealingKeyFile(hospital.hospital.configuration.identity.sealingKeyFile)
    }

    private func made(_ hospital: NotificationServiceUnderTest, _ server: ServerProcess, key: String? = nil) async throws -> Webhook {
        let request = CreateWebhookRequest(
            url: "http://127.0.0.1:\(server.port)/answer/200", eventTypes: ["appointment.booked"], secret: Self.secret)
        return try #require(try await hospital.client(.admin, idempotencyKey: key).createWebhook(request).webhook)
    }

    private func deliverDue(_ hospital: NotificationServiceUnderTest) async throws {
        try await WebhookCourier(
            hospital.service.resources, by: WebhookPost(allowsPrivate: true, unixTime: { 1_772_422_200 }),
            realClock: hospital.realClock.clock
        ).deliverDue()
    }

    private func expectSigned(_ request: Request) {
        let code = HMAC<SHA256>.authenticationCode(
            for: Data("1772422200.\(request.body)".utf8), using: SymmetricKey(data: Data(Self.secret.utf8)))
        #expect(request.headers["x-hms-signature"] == "t=1772422200,v1=\(code.map { String(format: "%02x", $0) }.joined())")
    }

    private func kept(_ hospital: NotificationServiceUnderTest) async throws -> [KeptSecret] {
        try await hospital.service.resources.database.read { try $0.webhookSecrets().map(\.secret) }
    }

    private func isSealed(_ secret: KeptSecret) -> Bool {
        if case .sealed(_, isScrubbed: true) = secret { true } else { false }
    }

    /// Files that hold the secret in the open; on PostgreSQL, columns.
    private func places(_ hospital: NotificationServiceUnderTest) async throws -> [String] {
        let rows = try await hospital.service.resources.database.read { reader in
            try reader.rows("SELECT secret, coalesce(sealed_secret, '') FROM webhooks") { Array($0.text(0).utf8) + Array($0.text(1).utf8) }
                + reader.rows("SELECT response FROM hms_idempotency") { $0.blob(0) }
        }
        let columns = rows.filter { Data($0).firstRange(of: Data(Self.secret.utf8)) != nil }.map { _ in "a row" }
        let files = FileManager.default.enumerator(atPath: hospital.hospital.folder.path)?.compactMap { $0 as? String } ?? []
        return columns
            + files.filter { file in
                guard let bytes = FileManager.default.contents(atPath: "\(hospital.hospital.folder.path)/\(file)") else { return false }
                return bytes.firstRange(of: Data(Self.secret.utf8)) != nil
            }
    }

    @Test func `a secret is in no row and no byte of a file, signs what is posted, and its answer can be asked for again`() async throws {
        try await withWebhooks { hospital, server in
            let webhook = try await made(hospital, server, key: "lab-1")
            #expect(webhook.secret == Self.secret)
            #expect(try await kept(hospital).map(isSealed) == [true])
            #expect(try await places(hospital) == [])
            #expect(try await made(hospital, server, key: "lab-1") == webhook)
            try await hospital.deliver(hospital.booked())
            try await deliverDue(hospital)
            expectSigned(try #require(try server.takings(Request.self).first))
        }
    }

    @Test func `secrets of before are sealed once there is a key, and nothing of them is left in free pages`() async throws {
        try await withWebhooks(hasKey: false) { hospital, server in
            _ = try await made(hospital, server)
            #expect(try await kept(hospital) == [.plain(Self.secret)])
            #expect(try await !places(hospital).isEmpty)
            try keys(hospital).findOrMake()
            // Whoever runs hears of the key within a second.
            while try await kept(hospital) == [.plain(Self.secret)] { try await WebhookSecrets(hospital.service.resources).keepAll() }
            #expect(try await kept(hospital).map(isSealed) == [true])
            #expect(try await places(hospital) == [])
            try await hospital.deliver(hospital.booked())
            try await deliverDue(hospital)
            expectSigned(try #require(try server.takings(Request.self).first))
        }
    }

    @Test func `one whose pages were not freed, because a process died, is seen to by the next`() async throws {
        try await withWebhooks { hospital, server in
            let webhook = try await made(hospital, server)
            let sealed = try #require(try await kept(hospital).first?.sealed)
            try await hospital.service.resources.database.write { transaction in
                try transaction.update(.sealed(sealed, isScrubbed: false), of: webhook.webhookID)
            }
            #expect(try await kept(hospital) == [.sealed(sealed, isScrubbed: false)])
            try await WebhookSecrets(hospital.service.resources).keepAll()
            #expect(try await kept(hospital) == [.sealed(sealed, isScrubbed: true)])
        }
    }

    @Test func `a new key closes all anew`() async throws {
        try await withWebhooks { hospital, server in
            _ = try await made(hospital, server)
            let before = try await kept(hospital)
            try keys(hospital).rotate()
            while try await kept(hospital) == before { try await WebhookSecrets(hospital.service.resources).keepAll() }
            #expect(try await kept(hospital).map(isSealed) == [true])
            try await hospital.deliver(hospital.booked())
            try await deliverDue(hospital)
            expectSigned(try #require(try server.takings(Request.self).first))
        }
    }

    @Test func `without its key a webhook waits, is not given up, and is told when the key is back`() async throws {
        try await withWebhooks { hospital, server in
            let webhook = try await made(hospital, server)
            let path = keys(hospital).path
            let file = try Data(contentsOf: URL(filePath: path))
            try FileManager.default.removeItem(atPath: path)
            let stored = try await hospital.service.resources.database.read { try $0.webhook(webhook.webhookID) }
            let secrets = WebhookSecrets(hospital.service.resources)
            while secrets.signature(of: stored) != nil { try await Task.sleep(for: .milliseconds(20)) }
            try await hospital.deliver(hospital.booked())
            try await deliverDue(hospital)
            try await secrets.keepAll()
            #expect(try server.takings(Request.self).isEmpty)
            let asked = ListWebhookDeliveriesRequest(webhookID: webhook.webhookID)
            let waiting = try await hospital.client(.admin).listWebhookDeliveries(asked).deliveries
            #expect(waiting.map(\.status) == [.pending] && waiting.map(\.attempts) == [0])
            let said = hospital.hospital.log.lines.filter { $0.contains("because its secret can't be opened") }
            #expect(said.contains { $0.contains("sealing.json") })
            try file.write(to: URL(filePath: path))
            while try server.takings(Request.self).isEmpty { try await deliverDue(hospital) }
            expectSigned(try #require(try server.takings(Request.self).first))
        }
    }

    @Test func `of each webhook whose secret can't be opened it is said, once in a while`() async throws {
        try await withWebhooks { hospital, server in
            let webhooks = [try await made(hospital, server), try await made(hospital, server)].map(\.webhookID)
            try FileManager.default.removeItem(atPath: keys(hospital).path)
            // Another process, which has not read the file before.
            let resources = hospital.service.resources
            let secrets = WebhookSecrets(resources, seal: SecretSeal(keys(hospital)))
            for _ in 0..<3 {
                for id in webhooks {
                    let stored = try await resources.database.read { try $0.webhook(id) }
                    #expect(secrets.signature(of: stored) == nil)
                }
            }
            let said = hospital.hospital.log.lines.filter { $0.contains("because its secret can't be opened") }
            #expect(webhooks.map { id in said.filter { $0.contains(id) }.count } == [1, 1])
        }
    }

    @Test func `a sealed secret that was put beside another webhook opens as nothing there`() async throws {
        try await withWebhooks { hospital, server in
            _ = try await made(hospital, server)
            let other = try await made(hospital, server)
            let first = try #require(try await kept(hospital).first)
            try await hospital.service.resources.database.write { try $0.update(first, of: other.webhookID) }
            let stored = try await hospital.service.resources.database.read { try $0.webhook(other.webhookID) }
            #expect(WebhookSecrets(hospital.service.resources).signature(of: stored) == nil)
        }
    }

    @Test func `after an upgrade secrets stay as they are for a day, because the version before may run yet`() async throws {
        try await withWebhooks { hospital, server in
            let database = hospital.service.resources.database
            func age(_ condition: String) async throws {
                try await database.write { transaction in
                    try transaction.execute(
                        "UPDATE hms_migrations SET applied_at = applied_at - 93600000 WHERE component = 'service' AND \(condition)")
                }
            }
            try await age("version = 1")
            // Its own age is read once: whoever is started anew reads it again.
            let upgraded = WebhookSecrets(hospital.service.resources)
            #expect(try await upgraded.kept(Self.secret, of: "whk_1") == .plain(Self.secret))
            try await age("version > 1")
            let later = WebhookSecrets(hospital.service.resources)
            #expect(isSealed(try await later.kept(Self.secret, of: "whk_1")))
        }
    }

    @Test func `before going back to a version that reads no sealed ones they are made plain`() async throws {
        try await withWebhooks(.plain) { hospital, server in
            let webhook = try await made(hospital, server, key: "lab-1")
            #expect(try await kept(hospital) == [.plain(Self.secret)])
            let place = "secret of \(webhook.webhookID)"
            let sealed = try #require(try hospital.service.resources.seal.close(Self.secret.utf8, for: place))
            try await hospital.service.resources.database.write { transaction in
                try transaction.update(.sealed(sealed, isScrubbed: true), of: webhook.webhookID)
            }
            try await WebhookSecrets(hospital.service.resources).keepAll()
            #expect(try await kept(hospital) == [.plain(Self.secret)])
        }
    }
}
