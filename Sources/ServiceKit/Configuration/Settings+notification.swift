extension Settings {
    public static let notificationEmail = Setting(
        "notification.email", default: "file", meaning: "What hands over e-mail: file, smtp or webhook")
    public static let notificationSMS = Setting(
        "notification.sms", default: "file", meaning: "What hands over short messages: file or webhook")
    public static let notificationRetry = Setting(
        "notification.retry", default: "30s",
        meaning: "Pause before a notification is tried again; it doubles up to 1h, and 8 tries are made")
    public static let notificationRetention = Setting(
        "notification.retention", default: "365d",
        meaning:
            "How long notifications are kept that were handed over or given up, and what they came of; at least as long as answers to keys")
    public static let outgoingRetention = Setting(
        "outgoing.retention", default: "30d", meaning: "How long the files of earlier days beside `outgoing.jsonl` are kept")

    public static let smtpURL = Setting(
        "smtp.url", meaning: "Mail server: `smtps://host:port`, or `smtp://host:port`, which must offer STARTTLS")
    public static let smtpPlain = Setting(
        "smtp.plain", default: "no", meaning: "yes: `smtp://` without TLS and login, for a mail server on the same machine")
    public static let smtpUser = Setting("smtp.user", meaning: "Login at the mail server; none where not set")
    public static let smtpPassword = Setting("smtp.password", isSecret: true, meaning: "Password of that login")
    public static let smtpFrom = Setting("smtp.from", meaning: "Address that e-mail comes from")
    public static let smtpAuthorities = Setting(
        "smtp.ca", meaning: "PEM file of the authorities that may vouch for the mail server; the system's where not set")

    public static let webhookURL = Setting(
        "webhook.url", meaning: "Where notifications are posted as JSON: `https://…`, or `http://` to this machine")
    public static let webhookSecret = Setting(
        "webhook.secret", isSecret: true, meaning: "Key of the HMAC-SHA-256 signature in `X-HMS-Signature`")

    public static let webhookPrivate = Setting(
        "webhook.private", default: "no",
        meaning: "yes: events may be posted to this machine and to private networks, and without TLS, as webhooks ask")

    public static let webhookSecrets = Setting(
        "webhook.secrets", default: "sealed",
        meaning:
            "How the secrets of webhooks are kept: sealed, where there is a key for that, or plain, before going back to a version that reads no others"
    )

    static let notification = [
        notificationEmail, notificationSMS, notificationRetry, notificationRetention, outgoingRetention, smtpURL, smtpPlain, smtpUser,
        smtpPassword, smtpFrom, smtpAuthorities,
        webhookURL, webhookSecret, webhookPrivate, webhookSecrets,
    ]
}
