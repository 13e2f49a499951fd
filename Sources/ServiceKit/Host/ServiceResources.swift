public import Logging
public import Storage

/// What a service is given to do its work.
public struct ServiceResources: Sendable {
    public let name: String
    public let database: Database
    public let clock: HospitalClock
    public let ids: IDMaker
    public let clinic: ClinicConfiguration
    /// Everything that the process was told from outside.
    public let settings: HospitalConfiguration
    public let logger: Logger
    public let peers: Peers
    let progress: StartProgress
}
