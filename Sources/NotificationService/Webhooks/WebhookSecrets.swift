import Contracts
import Logging
import ServiceKit
import Storage
import Synchronization

/// How the secrets of webhooks are kept: closed by a key that is not in the database, where there is one.
final class WebhookSecrets: Sendable {
    private let database: Database
    private let seal: SecretSeal
    private let isWanted: Bool
    /// How long after an upgrade secrets stay as they were, in milliseconds: so long a version that reads no others may run beside this one, or
    /// be gone back to. The answers in which that one told secrets are forgotten then.
    private let grace: Int64
    private let logger: Logger
    /// When it was said, of which webhook; what concerns all of them is said under no id.
    private let saidSo = Mutex<[String: ContinuousClock.Instant]>([:])
    private let sealsFrom = Mutex<Int64?>(nil)

    /// How often it is said that one can't be opened, of each, or that there is no key.
    private static let pause: Duration = .seconds(600)
    /// Within which what is to be forgotten is, in milliseconds, with room.
    private static let roundOfHousekeeping: Int64 = 7_200_000
    /// Of a database that this version has made no other one knows. It is made within so many milliseconds.
    private static let making: Int64 = 60_000

    init(_ resources: ServiceResources, seal: SecretSeal? = nil) {
        database = resources.database
        self.seal = seal ?? resources.seal
        isWanted = resources.settings.notification.webhookSecrets == .sealed
        grace = resources.settings.idempotencyRetention.components.seconds * 1_000 + Self.roundOfHousekeeping
        logger = resources.logger
    }

    /// Closes the answer that tells a new secret, where secrets are closed.
    var sealOfAnswers: SecretSeal? { isWanted ? seal : nil }

    /// What is kept of the secret of a new webhook.
    ///
    /// - Throws: ``FileError`` where the keys can't be read.
    func kept(_ secret: String, of webhookID: String) async throws -> KeptSecret {
        guard try await isSealing(), let sealed = try seal.close(secret.utf8, for: Self.place(of: webhookID)) else { return .plain(secret) }
        return .sealed(sealed, isScrubbed: true)
    }

    /// What signs what a webhook is told; nil where its secret can't be opened, which is logged.
    func signature(of webhook: StoredWebhook) -> WebhookSignature? {
        do {
            return WebhookSignature(secret: try open(webhook.secret, of: webhook.webhook.webhookID))
        } catch {
            say(.error, "A webhook waits, because its secret can't be opened", "\(error)", webhook.webhook.webhookID)
            return nil
        }
    }

    private func open(_ secret: KeptSecret, of webhookID: String) throws -> String {
        switch secret {
        case .plain(let secret): secret
        case .sealed(let sealed, _): String(decoding: try seal.open(sealed, of: Self.place(of: webhookID)), as: UTF8.self)
        }
    }

    /// Whether secrets are closed from now on.
    private func isSealing() async throws -> Bool {
        guard isWanted else { return false }
        let (now, start) = try await database.read { [self, known = sealsFrom.withLock(\.self)] reader in
            (try reader.realTime(), try known ?? self.start(reader.serviceMigrations()))
        }
        sealsFrom.withLock { $0 = start }
        return now >= start
    }

    private func start(_ migrations: [(name: String, appliedAt: Int64)]) -> Int64 {
        guard let first = migrations.first, let own = migrations.first(where: { $0.name == NotificationMigrations.sealing }) else {
            return 0
        }
        return own.appliedAt - first.appliedAt < Self.making ? 0 : own.appliedAt + grace
    }

    // MARK: All of them

    /// Keeps every secret as it is to be kept: closed by the newest key, and its open form in no free page; or plain.
    func keepAll() async throws {
        let isSealing = try await isSealing()
        guard isSealing || !isWanted else { return }
        let stored = try await database.read { try $0.webhookSecrets() }
        var changed: [(webhookID: String, secret: KeptSecret)] = []
        for (webhookID, secret) in stored {
            do {
                if let wanted = try wanted(secret, of: webhookID) { changed.append((webhookID, wanted)) }
            } catch {
                say(.error, "The secret of a webhook can't be opened", "\(error)", webhookID)
            }
        }
        try await write(changed)
        try await scrub(stored.filter { pair in !changed.contains { $0.webhookID == pair.webhookID } } + changed)
    }

    /// Nil where it is kept as it is to be.
    private func wanted(_ secret: KeptSecret, of webhookID: String) throws -> KeptSecret? {
        switch secret {
        case .plain(let text):
            guard isWanted else { return nil }
            guard let sealed = try seal.close(text.utf8, for: Self.place(of: webhookID)) else {
                say(.warning, "The secrets of webhooks are kept as they are, because there is no key to seal them")
                return nil
            }
            return .sealed(sealed, isScrubbed: false)
        case .sealed(let sealed, let isScrubbed):
            guard isWanted else { return .plain(try open(secret, of: webhookID)) }
            guard try !seal.isCurrent(sealed), let again = try seal.close(open(secret, of: webhookID).utf8, for: Self.place(of: webhookID))
            else { return nil }
            return .sealed(again, isScrubbed: isScrubbed)
        }
    }

    /// Whoever dies before the pages are free of it leaves a mark, and the next one does it.
    private func scrub(_ stored: [(webhookID: String, secret: KeptSecret)]) async throws {
        let left = stored.compactMap { webhookID, secret -> (webhookID: String, secret: KeptSecret)? in
            guard case .sealed(let sealed, isScrubbed: false) = secret else { return nil }
            return (webhookID, .sealed(sealed, isScrubbed: true))
        }
        guard !left.isEmpty else { return }
        try await database.scrub()
        try await write(left)
        logger.notice("Secrets of webhooks were sealed", metadata: ["webhooks": "\(left.count)"])
    }

    private func write(_ secrets: [(webhookID: String, secret: KeptSecret)]) async throws {
        guard !secrets.isEmpty else { return }
        try await database.write { transaction in
            for (webhookID, secret) in secrets { try transaction.update(secret, of: webhookID) }
        }
    }

    private func say(_ level: Logger.Level, _ message: Logger.Message, _ error: String? = nil, _ webhookID: String? = nil) {
        let isDue = saidSo.withLock { said in
            let now = ContinuousClock.now
            // What is remembered is of the last minutes alone, and of no more than there can be webhooks.
            said = said.filter { now - $0.value < Self.pause }
            guard said[webhookID ?? ""] == nil, said.count <= mostWebhooks else { return false }
            said[webhookID ?? ""] = now
            return true
        }
        guard isDue else { return }
        var metadata: Logger.Metadata = [:]
        metadata["webhook_id"] = webhookID.map { "\($0)" }
        metadata["error"] = error.map { "\($0)" }
        logger.log(level: level, message, metadata: metadata)
    }

    private static func place(of webhookID: String) -> String { "secret of \(webhookID)" }
}
