public import ServiceKit

/// What the processes of a hospital are told beside their addresses.
public struct HospitalSettings: Sendable {
    public var clockFile: String?
    /// Services that run elsewhere, by name.
    public var peers: [String: [NetworkAddress]]
    /// Settings by the names of their variables; secrets don't stand in a process list there.
    public var environment: [String: String]
    /// What the processes show to one another; nil: what the environment says.
    public var certificates: ServiceCertificates?
    /// Whether services speak over TLS, and whether the public API does.
    public var security: Security

    public struct Security: Sendable {
        public var services = false
        public var http = false
        public init() {}

        public init(of configuration: HospitalConfiguration) {
            services = configuration.tls != nil
            http = configuration.http.tls != nil
        }
    }

    public init(
        clockFile: String? = nil, peers: [String: [NetworkAddress]] = [:], environment: [String: String] = [:],
        certificates: ServiceCertificates? = nil, security: Security = Security()
    ) {
        self.clockFile = clockFile
        self.peers = peers
        self.environment = environment
        self.certificates = certificates
        self.security = security
    }
}
