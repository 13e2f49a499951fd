public import ServiceKit

/// What the processes of a hospital are told beside their addresses.
public struct HospitalSettings: Sendable {
    public var clockFile: String?
    /// Services that run elsewhere, by name.
    public var peers: [String: [NetworkAddress]]
    /// Settings by the names of their variables; secrets don't stand in a process list there.
    public var environment: [String: String]

    public init(clockFile: String? = nil, peers: [String: [NetworkAddress]] = [:], environment: [String: String] = [:]) {
        self.clockFile = clockFile
        self.peers = peers
        self.environment = environment
    }
}
