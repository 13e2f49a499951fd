/// Where the parts of a running hospital are, as `hospital.json` in its data folder says.
public struct HospitalAddresses: Codable, Hashable, Sendable {
    /// The process that keeps the others running.
    public var pid: Int32
    /// The public API.
    public var url: String
    /// The RPC address of each service, `host:port`, by its name: `patient`.
    public var services: [String: String]

    public init(pid: Int32, url: String, services: [String: String]) {
        self.pid = pid
        self.url = url
        self.services = services
    }
}
