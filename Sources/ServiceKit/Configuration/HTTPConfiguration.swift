/// What HTTP clients may have of the REST shim, all together and each.
public struct HTTPConfiguration: Hashable, Sendable {
    /// Connections open at once.
    public var connections = 4096
    /// Connections of one client address.
    public var connectionShare = 1024
    /// Bytes of the bodies of all requests.
    public var bodyBudget = 128 << 20
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
    }
}
