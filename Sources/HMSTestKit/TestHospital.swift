public import RPC
public import ServiceKit
import StorageTestKit
public import Vocabulary

/// A hospital of its own for one test: a data folder with keys, a clock to be moved, tokens for every role, and the
/// services that the test starts in it. Where `HMS_TEST_POSTGRES` names a server, each has a schema of its own there.
public final class TestHospital: Sendable {
    public let folder: TemporaryFolder
    public let configuration: HospitalConfiguration
    public let clock: ManualClock
    public let log: CapturedLog
    public let signer: TokenSigner
    private let schemas = TestServer.makeSchemaName()

    /// Whether hospitals keep their data in files, for tests of what only files have: backups, and schemas of earlier versions.
    public static let isOnSQLite = TestServer.isAbsent

    public init(at instant: Instant = TestHospital.morning, configure: (inout HospitalConfiguration) -> Void = { _ in }) throws {
        folder = try TemporaryFolder()
        var configuration = HospitalConfiguration(dataFolder: folder.path)
        configuration.drainGrace = .seconds(1)
        // It costs every call a write: tests that are about it say so.
        configuration.audit = .none
        // What works in the background does so where a test starts it.
        configuration.auditOfReads = .durable
        configuration.databases = TestServer.places(schemas, of: Settings.services)
        configure(&configuration)
        self.configuration = configuration
        clock = ManualClock(instant)
        log = CapturedLog()
        signer = TokenSigner(key: try SigningKey.findOrMake(configuration.identity), configuration.identity)
        try TestServiceKeys.shared.get().lend(to: folder)
    }

    deinit {
        TestServer.drop(Settings.services.map { "\(schemas)_\($0)" })
    }

    /// Monday, 2 March 2026, 09:00 in Asia/Kolkata.
    public static let morning = Instant(millisecondsSinceEpoch: 1_772_422_200_000)

    /// A person's token, or one of ``TestServiceKeys/some`` service's.
    public func token(_ role: CallerRole, subject: String? = nil, lifetime: Duration = .seconds(3_600)) async throws -> String {
        guard role == .service else {
            return try signer.sign(subject: subject ?? "some-\(role.rawValue)", role: role, lifetime: lifetime)
        }
        let service = subject ?? TestServiceKeys.some
        let key = try SigningKey(pemFile: configuration.identity.serviceKeyFile(of: service))
        return try TokenSigner(key: key, configuration.identity).sign(subject: service, role: role, lifetime: lifetime)
    }

    /// Options of a call by somebody in `role`.
    public func options(_ role: CallerRole, subject: String? = nil, idempotencyKey: String? = nil) async throws -> CallOptions {
        // All that a caller may grant: no test hangs on how busy its machine is.
        var options = CallOptions(timeout: .seconds(60))
        options.metadata[MetadataName.authorization] = BearerToken.field(try await token(role, subject: subject))
        options.metadata[MetadataName.idempotencyKey] = idempotencyKey
        return options
    }

    /// Opens a service without a port. `peers` stand for the services that it asks, `clock` for the hospital's, where it goes wrong.
    public func open(
        _ definition: ServiceDefinition, peers: [String: any RPCChannel] = [:], clock: HospitalClock? = nil
    ) async throws -> ServiceAssembly {
        var options = options(peers: peers, service: definition.name)
        options.clock = clock ?? options.clock
        return try await ServiceAssembly.open(definition, configuration(of: definition), options: options)
    }

    /// Starts a service on a port of its own.
    public func start(_ definition: ServiceDefinition, peers: [String: any RPCChannel] = [:]) async throws -> ServiceHost {
        try await ServiceHost.start(definition, configuration(of: definition), options: options(peers: peers, service: definition.name))
    }

    /// A client to a service that was started. Close it.
    public func client(to host: ServiceHost) -> RPCClient {
        RPCClient(addresses: [host.address], logger: log.logger(service: "client"))
    }

    /// What a service is configured by: on PostgreSQL with a schema for one that only a test has.
    public func configuration(of definition: ServiceDefinition) -> HospitalConfiguration {
        var configuration = configuration
        if configuration.databases.own[definition.name] == nil {
            configuration.databases.own[definition.name] = TestServer.url(schema: "\(schemas)_\(definition.name)")
        }
        return configuration
    }

    private func options(peers: [String: any RPCChannel], service: String) -> HostOptions {
        var options = HostOptions(logger: log.logger(service: service), clock: clock.clock, peers: peers)
        // Where many tests share a machine, everything waits.
        options.admission = Admission(always: 4_096)
        return options
    }
}
