import Logging

extension HospitalConfiguration {
    /// Reads and checks every setting. `arguments` are without the program's name and hold nothing but settings.
    ///
    /// - Throws: ``ConfigurationError`` with every setting that is wrong.
    public static func load(arguments: [String], environment: [String: String]) throws -> LoadedConfiguration {
        let sources = try SettingSources(arguments: arguments, environment: environment, settings: Settings.all)
        var reader = SettingReader(sources: sources)
        let configuration = HospitalConfiguration(reading: &reader)
        guard reader.problems.isEmpty else { throw ConfigurationError(reader.problems) }
        return LoadedConfiguration(
            configuration: configuration, values: reader.values, filePath: sources.filePath,
            remarks: LoadedConfiguration.remarks(on: environment))
    }

    private init(reading settings: inout SettingReader) {
        self.init(dataFolder: settings.read(Settings.data, SettingCheck.nonEmpty, else: "./var"))
        databases = DatabasePlaces(reading: &settings)
        clockFile = settings.readText(Settings.clock)
        clinic.name = settings.read(Settings.clinicName, SettingCheck.name, else: clinic.name)
        clinic.timeZone = settings.read(Settings.timeZone, SettingCheck.timeZone, else: clinic.timeZone)
        clinic.currency = settings.read(Settings.currency, SettingCheck.currency, else: clinic.currency)
        clinic.consultationFee = settings.read(Settings.consultationFee, SettingCheck.fee, else: clinic.consultationFee)
        clinic.phoneRegion = settings.read(Settings.phoneRegion, SettingCheck.phoneRegion, else: clinic.phoneRegion)
        logLevel = settings.read(Settings.logLevel, SettingCheck.logLevel, else: logLevel)
        readIdentity(&settings)
        readSignIn(&settings)
        rpcListen = settings.read(Settings.rpcListen, SettingCheck.address, else: rpcListen)
        httpListen = settings.read(Settings.httpListen, SettingCheck.address, else: httpListen)
        http = HTTPConfiguration(reading: &settings)
        metricsListen = settings.read(Settings.metricsListen, SettingCheck.addressOrNone, else: nil)
        traces = TraceConfiguration(reading: &settings)
        cache = settings.read(Settings.cache, SettingCheck.cache, else: nil)
        readTLS(&settings)
        readDurations(&settings)
        readPayment(&settings)
        notification = NotificationConfiguration(reading: &settings)
        if notification.retention < idempotencyRetention {
            settings.refuse(Settings.notificationRetention, "must not be shorter than \(Settings.idempotencyRetention.key)")
        }
        for service in Settings.services {
            peers[service] = settings.read(Settings.peer(service), SettingCheck.addresses, else: nil)
        }
    }

    private mutating func readIdentity(_ settings: inout SettingReader) {
        identity.issuer = settings.read(Settings.issuer, SettingCheck.nonEmpty, else: identity.issuer)
        identity.audience = settings.read(Settings.audience, SettingCheck.nonEmpty, else: identity.audience)
        if let keySet = settings.readText(Settings.jwks) { identity.setKeySet(keySet) }
        identity.signingKeyFile = settings.readText(Settings.signingKey) ?? identity.signingKeyFile
        identity.serviceJWKSFile = settings.readText(Settings.serviceJWKS) ?? identity.serviceJWKSFile
        identity.revocationFile = settings.readText(Settings.revocations) ?? identity.revocationFile
        identity.givenServiceKeyFile = settings.readText(Settings.serviceKey)
        identity.sealingKeyFile = settings.readText(Settings.sealingKeys) ?? identity.sealingKeyFile
        identity.leeway = settings.read(Settings.tokenLeeway, SettingCheck.duration(.zero ... .seconds(30)), else: identity.leeway)
    }

    private mutating func readDurations(_ settings: inout SettingReader) {
        let deadline = SettingCheck.duration(.milliseconds(1) ... .seconds(600))
        timeout = settings.read(Settings.timeout, deadline, else: timeout)
        maximumTimeout = settings.read(Settings.maximumTimeout, deadline, else: maximumTimeout)
        if timeout > maximumTimeout {
            settings.refuse(Settings.timeout, "must not be longer than \(Settings.maximumTimeout.key)")
        }
        drainGrace = settings.read(Settings.drainGrace, SettingCheck.duration(.zero ... .seconds(600)), else: drainGrace)
        let retention = SettingCheck.duration(.seconds(24 * 3_600) ... .seconds(10 * 365 * 24 * 3_600))
        idempotencyRetention = settings.read(Settings.idempotencyRetention, retention, else: idempotencyRetention)
        let events = SettingCheck.duration(.seconds(3_600) ... .seconds(10 * 365 * 24 * 3_600))
        eventRetention = settings.read(Settings.eventRetention, events, else: eventRetention)
        storageRoomMiB = settings.read(Settings.storageRoom, SettingCheck.integer(0...1_048_576), else: storageRoomMiB)
        audit = settings.read(Settings.audit, SettingCheck.oneOf, else: audit)
        auditOfReads = settings.read(Settings.auditOfReads, SettingCheck.oneOf, else: auditOfReads)
        let ages = SettingCheck.duration(.seconds(86_400) ... .seconds(50 * 365 * 86_400))
        auditRetention = settings.read(Settings.auditRetention, ages, else: auditRetention)
    }

    private mutating func readPayment(_ settings: inout SettingReader) {
        payment.provider = settings.read(Settings.paymentProvider, SettingCheck.oneOf, else: payment.provider)
        payment.timeout = settings.read(
            Settings.paymentTimeout, SettingCheck.duration(.milliseconds(1) ... .seconds(60)), else: payment.timeout)
        payment.sweepAfter = settings.read(
            Settings.paymentSweepAfter, SettingCheck.duration(.milliseconds(1) ... .seconds(3_600)), else: payment.sweepAfter)
    }
}

extension IdentityConfiguration {
    /// A file takes the place of the hospital's own key set; a URL stands beside it.
    fileprivate mutating func setKeySet(_ text: String) {
        if text.hasPrefix("https://") || text.hasPrefix("http://") {
            jwksURL = text
        } else {
            jwksFile = text
        }
    }
}
