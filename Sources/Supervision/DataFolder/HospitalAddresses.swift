/// Where the parts of a running hospital are, as `hospital.json` in its data folder says.
public struct HospitalAddresses: Codable, Hashable, Sendable {
    /// The process that keeps the others running.
    public var pid: Int32
    /// The public API.
    public var url: String
    /// The RPC address of each service, `host:port`, by its name: `patient`.
    public var services: [String: String]
    /// Whether the services speak over TLS; a file without it says that they don't.
    public var tls: Bool?

    public init(pid: Int32, url: String, services: [String: String], tls: Bool = false) {
        self.pid = pid
        self.url = url
        self.services = services
        self.tls = tls
    }
}
