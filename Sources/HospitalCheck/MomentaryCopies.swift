import Contracts
import Foundation
import HospitalClient
public import RPC
import ServiceKit
public import Supervision

/// Copies of all databases of a running hospital, as they were at one moment.
///
/// All services hold their writes; once each has said that it does, all are released, and each says whether it has held until
/// then. If so, there was a moment at which nothing was written anywhere, and the states that the services have kept are those
/// of that moment: what they would have after a power cut. Calls between them that were under way are cut off in it as they
/// are there, and go on from outboxes and sweeps when a hospital starts on it.
///
/// A hold ends by itself after some seconds, so that nothing stands still for long where this process dies.
public struct MomentaryCopies: Sendable {
    private static let attempts = 20
    private static let pause: Duration = .seconds(1)
    private static let holdLimit: Duration = .seconds(5)
    private static let copyTimeout: Duration = .seconds(3600)

    private let services: [(name: String, address: NetworkAddress)]
    private let token: String
    private let credentials: TLSCredentials?
    private let name = BackupFolder.temporaryName(.backup)

    /// - Parameters:
    ///   - hospital: on this machine, for its services write the copies to where this process reads them.
    ///   - token: of an admin.
    ///   - credentials: what is shown to its services; nil where they speak without TLS.
    /// - Throws: ``ServiceAway`` where it does not run one of the services.
    public init(of services: [String], _ hospital: HospitalAddresses, token: String, credentials: TLSCredentials?) throws {
        self.services = try services.map { ($0, try hospital.address(of: $0)) }
        self.token = token
        self.credentials = credentials
    }

    /// - Parameter use: is given the path of each copy, by its service, and how long nothing was written. The copies are removed
    ///   afterwards.
    /// - Throws: ``NoMomentFound`` where the services could not be held all at once.
    public func make<T>(_ use: ([String: String], _ held: Duration) throws -> T) async throws -> T {
        try await withClients(services[...], []) { clients in
            let held = try await hold(clients)
            let results = await all(clients) { try await $0.backUp(BackUpRequest(name: name, held: true), options(Self.copyTimeout)).path }
            let paths = results.compactMap { try? $0.1.get() }
            do {
                let byService = try results.map { ($0.0, try $0.1.get()) }
                let made = try use(Dictionary(uniqueKeysWithValues: byService), held)
                try Self.remove(paths)
                return made
            } catch {
                // The first failure is the one to tell.
                try? Self.remove(paths)
                throw error
            }
        }
    }

    /// Tries it until there was such a moment.
    private func hold(_ clients: [Client]) async throws -> Duration {
        let limit = HoldWritesRequest(name: name, limitMs: Int32(Self.holdLimit / .milliseconds(1)))
        var reasons: [String] = []
        for attempt in 1...Self.attempts {
            if attempt > 1 { try await Task.sleep(for: Self.pause) }
            let start = ContinuousClock.now
            let holds = await all(clients) { _ = try await $0.holdWrites(limit, options(Self.holdLimit)) }
            // Also where one refused: nobody stands still for longer than he must.
            let releases = await all(clients) {
                try await $0.releaseWrites(ReleaseWritesRequest(name: name), options(Self.holdLimit)).heldUntilNow
            }
            reasons = holds.compactMap { Self.refusal(of: $0, $1) }
            if reasons.isEmpty { reasons = releases.compactMap { Self.interruption(of: $0, $1) } }
            if reasons.isEmpty { return .now - start }
        }
        throw NoMomentFound(reasons: reasons)
    }

    private static func interruption(of service: String, _ release: Result<Bool, any Error>) -> String? {
        if case .success(false) = release { return "\(service): it was held for longer than \(holdLimit)" }
        return refusal(of: service, release)
    }

    private static func refusal(of service: String, _ result: Result<some Any, any Error>) -> String? {
        if case .failure(let error) = result { return "\(service): \(error)" }
        return nil
    }

    private typealias Client = (service: String, backups: BackupServiceClient)

    /// Asks all services at once.
    private func all<T: Sendable>(
        _ clients: [Client], _ ask: @escaping @Sendable (BackupServiceClient) async throws -> T
    ) async -> [(String, Result<T, any Error>)] {
        await withTaskGroup(of: (String, Result<T, any Error>).self) { group in
            for client in clients {
                group.addTask {
                    do { return (client.service, .success(try await ask(client.backups))) } catch {
                        return (client.service, .failure(error))
                    }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
    }

    /// Connects to all before anything is held.
    private func withClients<T>(
        _ services: ArraySlice<(name: String, address: NetworkAddress)>, _ clients: [Client], _ body: ([Client]) async throws -> T
    ) async throws -> T {
        guard let service = services.first else { return try await body(clients) }
        return try await RPCClient.withClient(to: service.address, tls: credentials?.asClient(of: service.name)) { client in
            _ = try await HealthServiceClient(client).check(CheckRequest(), options(Self.holdLimit))
            return try await withClients(services.dropFirst(), clients + [(service.name, BackupServiceClient(client))], body)
        }
    }

    private func options(_ timeout: Duration) -> CallOptions {
        CallOptions(timeout: timeout, metadata: [MetadataName.authorization: BearerToken.field(token)])
    }

    /// The copies hold what the databases hold, so one that can't be removed is an error.
    private static func remove(_ paths: [String]) throws {
        for path in paths where FileManager.default.fileExists(atPath: path) { try FileManager.default.removeItem(atPath: path) }
    }
}

/// There was no moment at which all services held their writes.
public struct NoMomentFound: Error, CustomStringConvertible {
    public let reasons: [String]
    public var description: String {
        "the services could not be held all at one moment, so that there is no backup:\n\(reasons.joined(separator: "\n"))"
    }
}
