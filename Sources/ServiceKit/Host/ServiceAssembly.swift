import Logging
public import RPC
import Storage

/// A service with everything that it stands on, but without a port yet.
public struct ServiceAssembly: Sendable {
    public let resources: ServiceResources
    /// The service itself, its health and its reflection.
    public let services: [any RPCService]
    /// What stands around every call, the outermost first.
    public let interceptors: [any ServerInterceptor]
    public let readiness: Readiness

    /// Opens the service's database and wires it together. `channels` are the ways to its peers.
    static func open(
        _ definition: ServiceDefinition, _ configuration: HospitalConfiguration, clock: HospitalClock, channels: [String: any RPCChannel],
        logger: Logger
    ) async throws -> ServiceAssembly {
        let verifier = try await TokenVerifier(configuration.identity, logger: logger)
        let token = ServiceToken(service: definition.name, identity: configuration.identity)
        let database = try await Database.open(
            .sqlite(path: "\(configuration.dataFolder)/\(definition.name)/\(definition.name).sqlite"), migrations: definition.migrations,
            logger: logger)
        let resources = ServiceResources(
            name: definition.name, database: database, clock: clock, ids: IDMaker(), clinic: configuration.clinic, logger: logger,
            peers: Peers(channels: channels, token: token))
        do {
            let readiness = Readiness()
            return ServiceAssembly(
                resources: resources, services: try await definition.makeServices(resources),
                interceptors: interceptors(verifier, resources), readiness: readiness)
        } catch {
            await database.close()
            throw error
        }
    }

    private static func interceptors(_ verifier: TokenVerifier, _ resources: ServiceResources) -> [any ServerInterceptor] {
        [
            AccessLog(logger: resources.logger),
            ErrorMapping(logger: resources.logger),
            Authentication(verifier: verifier),
            IdempotencyKeys(database: resources.database),
        ]
    }
}
