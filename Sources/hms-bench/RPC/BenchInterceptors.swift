import Logging
import RPC
import ServiceKit
import Storage

/// What stands around every call of a service, over a database of its own.
enum BenchInterceptors {
    static func all(_ identity: IdentityConfiguration, in folder: BenchFolder, logger: Logger) async throws -> [any ServerInterceptor] {
        let database = try await Database.open(.sqlite(path: "\(folder.path)/bench.sqlite"), schema: [], logger: logger)
        let verifier = try await TokenVerifier(identity, logger: logger)
        return ServiceAssembly.interceptors(verifier, database, logger)
    }
}
