public import Logging
import MetricsRegistry
public import RPC
import Storage

/// A service with everything that it stands on, but without a port yet.
public struct ServiceAssembly: Sendable {
    public let resources: ServiceResources
    /// The service itself, its health and its reflection.
    public let services: [any RPCService]
    /// What stands around every call, the outermost first.
    public let interceptors: [any ServerInterceptor]
    public let readiness: ServiceReadiness
    /// What works while nobody calls; a host runs them.
    public let workers: [any BackgroundWorker]

    /// Opens the service's database and wires the service together.
    public static func open(
        _ definition: ServiceDefinition, _ configuration: HospitalConfiguration, options: HostOptions = HostOptions()
    ) async throws -> ServiceAssembly {
        let logger = options.logger ?? .hospital(service: definition.name, level: configuration.logLevel)
        let clock = try options.clock ?? HospitalClock(configuration, logger: logger)
        let verifier = try await TokenVerifier(configuration.identity, logger: logger)
        let token = ServiceToken(service: definition.name, identity: configuration.identity)
        let place = try configuration.databases.database(of: definition.name, dataFolder: configuration.dataFolder)
        var storage = storage(at: place, options)
        storage.leastFreeBytes = Int64(configuration.storageRoomMiB) << 20
        StorageMetrics.observe(&storage, in: options.metrics)
        let traces = options.traces ?? SpanRecorder(service: definition.name, configuration.traces)
        storage.observer = DatabaseSpans(traces)
        options.admission.watch(&storage)
        let database = try await Database.open(storage, schema: definition.schema, logger: logger)
        let copies = BackupFolder(of: definition.name, in: configuration.dataFolder)
        copies.removeLeftoversAtStart()
        let resources = ServiceResources(
            name: definition.name, database: database, clock: clock, ids: IDMaker(), clinic: configuration.clinic,
            settings: configuration, logger: logger, peers: Peers(channels: options.peers, token: token),
            metrics: options.metrics, traces: traces, seal: SecretSeal(SealingKeyFile(configuration.identity.sealingKeyFile)),
            progress: StartProgress(options.inherited))
        do {
            StorageMetrics.collect(resources, definition.subscriptions)
            let readiness = ServiceReadiness()
            let parts = try await definition.makeParts(resources)
            let buffer = await buffer(of: resources)
            let services = parts.services + common(definition, resources, copies, readiness)
            return ServiceAssembly(
                resources: resources, services: services + [ReflectionResponder(served: services.flatMap(\.methods))],
                interceptors: [CallSpans(traces)]
                    + interceptors(
                        verifier, database, logger, options.metrics,
                        audit: AuditTrail(configuration.audit, database: database, buffer: buffer, logger: logger), parts.admission,
                        resources.seal),
                readiness: readiness, workers: parts.workers + erasureWorker(definition, resources, parts) + (buffer.map { [$0] } ?? []))
        } catch {
            await database.close()
            throw error
        }
    }

    /// Nil where every read waits for the disk: because that is wished for, or because the data folder can't have a journal.
    private static func buffer(of resources: ServiceResources) async -> AuditBuffer? {
        let (settings, database, logger) = (resources.settings, resources.database, resources.logger)
        let journals = AuditJournals(service: resources.name, dataFolder: settings.dataFolder)
        await journals.recover(into: database, logger: logger)
        guard settings.auditOfReads == .buffered, settings.audit == .all else { return nil }
        do {
            return AuditBuffer(try journals.open(), database: database, logger: logger)
        } catch {
            logger.warning("Every read waits for the disk: there is no journal of the audit", metadata: ["error": "\(error)"])
            return nil
        }
    }

    /// A supervisor hears how far the opening has come, and so the opening need not give up.
    private static func storage(at place: DatabaseConfiguration, _ options: HostOptions) -> DatabaseConfiguration {
        var storage = place
        storage.lockPatience = options.inherited.isSupervised ? nil : .zero
        storage.onOpening = { [progress = StartProgress(options.inherited)] phase in
            switch phase {
            case .waitingForLock(let holder): progress.tell(.waitingForDatabase(holder: holder))
            case .migrating(let step, let count): progress.tell(.migrating(step: step, of: count))
            }
        }
        return storage
    }

    /// Stops what was opened. Nothing may be under way.
    public func close() async {
        readiness.set(false)
        await resources.database.close()
    }

    private static func erasureWorker(
        _ definition: ServiceDefinition, _ resources: ServiceResources, _ parts: ServiceParts
    ) -> [any BackgroundWorker] {
        definition.erasure.map {
            [ErasureWorker(database: resources.database, logger: resources.logger, erase: $0, eraseFiles: parts.eraseFiles)]
        } ?? []
    }

    /// What every service serves beside its own methods; reflection tells of it all.
    private static func common(
        _ definition: ServiceDefinition, _ resources: ServiceResources, _ copies: BackupFolder, _ readiness: ServiceReadiness
    ) -> [any RPCService] {
        [
            HealthResponder(service: definition.name, readiness: readiness, database: resources.database),
            BackupResponder(database: resources.database, copies: copies, logger: resources.logger),
            DeadLetterResponder(database: resources.database),
            TraceResponder(recorder: resources.traces, metrics: resources.metrics),
            AuditResponder(service: definition.name, database: resources.database),
        ]
    }

    /// What stands around every call of a service of which nothing is audited, for measuring what it costs.
    public static func interceptors(_ verifier: TokenVerifier, _ database: Database, _ logger: Logger) -> [any ServerInterceptor] {
        interceptors(verifier, database, logger, Metrics(), audit: AuditTrail(.none, database: database, logger: logger), nil)
    }

    /// What stands around every call of every service, the outermost first.
    static func interceptors(
        _ verifier: TokenVerifier, _ database: Database, _ logger: Logger, _ metrics: Metrics, audit: AuditTrail,
        _ admission: (any DoctorAdmission)?, _ seal: SecretSeal? = nil
    ) -> [any ServerInterceptor] {
        [
            AccessLog(logger: logger),
            audit,
            ErrorMapping(logger: logger, metrics: metrics),
            Authentication(verifier: verifier),
            IdempotencyKeys(database: database, seal: seal),
            OwnershipGuard(logger: logger),
            TreatmentGuard(admission: admission, metrics: metrics, logger: logger),
        ]
    }
}

extension HospitalClock {
    /// The clock that the configuration asks for.
    public init(_ configuration: HospitalConfiguration, logger: Logger) throws {
        self = try configuration.clockFile.map { try .file($0, logger: logger) } ?? .system
    }
}
