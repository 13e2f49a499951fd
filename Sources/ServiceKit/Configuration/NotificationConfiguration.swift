/// How people are told.
public struct NotificationConfiguration: Hashable, Sendable {
    /// What hands notifications over.
    public enum Transport: String, CaseIterable, Hashable, Sendable {
        /// Appends them to a file in the data folder.
        case file
        /// Sends e-mail to a mail server.
        case smtp
        /// Posts them to a web service.
        case webhook
    }

    /// What hands over e-mail.
    public var email: Transport
    /// What hands over short messages.
    public var sms: Transport
    /// The pause before the second try; it doubles with every further one, up to an hour.
    public var retryPause: Duration
    /// How long notifications are kept that were handed over or given up, and the announcements that they came of.
    public var retention: Duration
    /// How long the files of earlier days are kept in which letters were handed over.
    public var outgoingRetention: Duration
    public var smtp: SMTPConfiguration
    public var webhook: WebhookConfiguration
    /// Whether webhooks may lead to this machine and to private networks, and to hosts without TLS.
    public var allowsPrivateWebhooks: Bool
    /// How the secrets of webhooks that are told of events lie in the database.
    public enum SecretKeeping: String, CaseIterable, Hashable, Sendable {
        /// Closed by a key that is not in it, where there is one.
        case sealed
        case plain
    }
    public var webhookSecrets = SecretKeeping.sealed

    public init() {
        email = .file
        sms = .file
        retryPause = .seconds(30)
        retention = .seconds(365 * 86_400)
        outgoingRetention = .seconds(30 * 86_400)
        smtp = SMTPConfiguration()
        webhook = WebhookConfiguration()
        allowsPrivateWebhooks = false
    }
}

/// The mail server that takes e-mail.
public struct SMTPConfiguration: Hashable, Sendable {
    /// `smtps://host:port` speaks TLS from the first byte, `smtp://host:port` begins it by STARTTLS before anything else.
    public var url: String
    /// Whether `smtp://` needs no TLS: for a mail server on the same machine, without a login.
    public var isPlain: Bool
    /// Without a login where empty.
    public var user: String
    public var password: String
    /// The sender's address.
    public var from: String
    /// PEM file of the authorities that may vouch for the server; the system's where nil.
    public var authoritiesFile: String?

    public init(
        url: String = "", isPlain: Bool = false, user: String = "", password: String = "", from: String = "",
        authoritiesFile: String? = nil
    ) {
        self.url = url
        self.isPlain = isPlain
        self.user = user
        self.password = password
        self.from = from
        self.authoritiesFile = authoritiesFile
    }
}

/// The web service that takes notifications.
public struct WebhookConfiguration: Hashable, Sendable {
    /// `https`, or `http` to this machine.
    public var url: String
    /// Signs every request.
    public var secret: String

    public init(url: String = "", secret: String = "") {
        self.url = url
        self.secret = secret
    }
}
