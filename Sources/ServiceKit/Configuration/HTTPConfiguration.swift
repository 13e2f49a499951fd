/// What HTTP clients may have of the REST shim, all together and each.
public struct HTTPConfiguration: Hashable, Sendable {
    /// Connections open at once.
    public var connections = 4096
    /// Connections of one client address.
    public var connectionShare = 1024
    /// Bytes of the bodies of all requests.
    public var bodyBudget = 128 << 20
    public var rates = HTTPRates()
    /// Nil: HTTP without TLS.
    public var tls: TLSFileConfiguration?

    public init() {}
}

extension HTTPConfiguration {
    init(reading settings: inout SettingReader) {
        self.init()
        let counts = SettingCheck.integer(1...1_000_000)
        connections = settings.read(Settings.httpConnections, counts, else: connections)
        connectionShare = settings.read(Settings.httpConnectionShare, counts, else: connectionShare)
        bodyBudget = settings.read(Settings.httpBodyBudget, SettingCheck.integer(1...1_048_576), else: bodyBudget >> 20) << 20
        let perSecond = SettingCheck.integer(0...1_000_000)
        rates.ofCaller = settings.read(Settings.httpCallerRate, perSecond, else: rates.ofCaller)
        rates.ofAddress = settings.read(Settings.httpAddressRate, perSecond, else: rates.ofAddress)
        rates.trustedProxies = settings.read(Settings.httpTrustedProxies, SettingCheck.networks, else: rates.trustedProxies)
    }
}

/// How often HTTP clients may ask each process of the REST shim: so many times a second, and twice as many at once.
public struct HTTPRates: Hashable, Sendable {
    /// Of one caller, by the subject of the token; 0: as often as he likes.
    public var ofCaller = 1_000
    /// Of one address, or network of IPv6; 0: as often as it likes.
    public var ofAddress = 2_000
    /// Whose `X-Forwarded-For` is believed.
    public var trustedProxies: [IPNetwork] = []

    public init() {}
}
