extension NotificationConfiguration {
    init(reading settings: inout SettingReader) {
        self.init()
        email = settings.read(Settings.notificationEmail, Self.transport(among: [.file, .smtp, .webhook]), else: email)
        sms = settings.read(Settings.notificationSMS, Self.transport(among: [.file, .webhook]), else: sms)
        let pauses = SettingCheck.duration(.milliseconds(1) ... .seconds(3_600))
        retryPause = settings.read(Settings.notificationRetry, pauses, else: retryPause)
        let retentions = SettingCheck.duration(.seconds(86_400) ... .seconds(100 * 365 * 86_400))
        retention = settings.read(Settings.notificationRetention, retentions, else: retention)
        outgoingRetention = settings.read(Settings.outgoingRetention, retentions, else: outgoingRetention)
        smtp = SMTPConfiguration(reading: &settings, isUsed: email == .smtp)
        allowsPrivateWebhooks = settings.read(Settings.webhookPrivate, SettingCheck.yesOrNo, else: allowsPrivateWebhooks)
        webhookSecrets = settings.read(Settings.webhookSecrets, SettingCheck.oneOf, else: webhookSecrets)
        webhook = WebhookConfiguration(reading: &settings, isUsed: email == .webhook || sms == .webhook)
    }

    private static func transport(among allowed: [Transport]) -> (String) throws(SettingRefusal) -> Transport {
        { text throws(SettingRefusal) in
            guard let transport = Transport(rawValue: text), allowed.contains(transport) else {
                throw SettingRefusal("must be one of \(allowed.map(\.rawValue).joined(separator: ", ")), not “\(text)”")
            }
            return transport
        }
    }
}

extension SMTPConfiguration {
    fileprivate init(reading settings: inout SettingReader, isUsed: Bool) {
        self.init()
        url = settings.readText(Settings.smtpURL) ?? ""
        isPlain = settings.read(Settings.smtpPlain, SettingCheck.yesOrNo, else: isPlain)
        user = settings.readText(Settings.smtpUser) ?? ""
        password = settings.readText(Settings.smtpPassword) ?? ""
        from = settings.readText(Settings.smtpFrom) ?? ""
        authoritiesFile = settings.readText(Settings.smtpAuthorities)
        guard isUsed else { return }
        if !url.hasPrefix("smtps://") && !url.hasPrefix("smtp://") {
            settings.refuse(Settings.smtpURL, "must be smtps://host:port or smtp://host:port where e-mail goes by smtp")
        }
        if !from.contains("@") { settings.refuse(Settings.smtpFrom, "must be an address where e-mail goes by smtp") }
        if isPlain && !user.isEmpty {
            settings.refuse(Settings.smtpPlain, "must be no where \(Settings.smtpUser.key) is set: a password is never sent without TLS")
        }
    }
}

extension WebhookConfiguration {
    fileprivate init(reading settings: inout SettingReader, isUsed: Bool) {
        self.init(url: settings.readText(Settings.webhookURL) ?? "", secret: settings.readText(Settings.webhookSecret) ?? "")
        guard isUsed else { return }
        let plainPrefixes = ["http://127.0.0.1:", "http://127.0.0.1/", "http://localhost:", "http://localhost/", "http://[::1]"]
        if !url.hasPrefix("https://") && !plainPrefixes.contains(where: url.hasPrefix) {
            settings.refuse(Settings.webhookURL, "must be https://…, or http:// to this machine, where notifications go by webhook")
        }
        if secret.isEmpty { settings.refuse(Settings.webhookSecret, "must be set where notifications go by webhook") }
    }
}
