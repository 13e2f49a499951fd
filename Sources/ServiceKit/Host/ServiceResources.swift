public import Logging
public import MetricsRegistry
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
    /// Where the service counts what it does.
    public let metrics: Metrics
    /// Where it is remembered what it did lately.
    public let traces: SpanRecorder
    /// Closes secrets that have to be kept in the database.
    public let seal: SecretSeal
    let progress: StartProgress
}
