import Contracts
import Foundation
import HospitalClient
public import RPC
import ServiceKit
public import Storage
public import Supervision

/// A check of a hospital that goes on working: it looks at backups that the services make of themselves.
///
/// The backups of one look are not of one moment. They are made one after the other, those of the services that point to
/// others first, so that what is pointed to is there; and what such copies may deny is looked at again.
public struct RunningCheck: Sendable {
    private static let backupTimeout: Duration = .seconds(60)
    /// Who points comes before those at whom he points.
    private static let order = ["notification", "prescription", "payment", "billing", "appointment", "doctor", "patient"]

    private let check: HospitalCheck
    private let addresses: [(service: String, address: NetworkAddress)]
    private let token: String
    private let credentials: TLSCredentials?

    /// - Parameters:
    ///   - hospital: on this machine, for its services write the backups to where this process reads them.
    ///   - token: of an admin.
    ///   - credentials: what is shown to its services; nil where they speak without TLS.
    /// - Throws: ``ServiceAway`` where it does not run one of the services.
    public init(_ hospital: HospitalAddresses, token: String, credentials: TLSCredentials?, _ clinic: ClinicKnowledge) throws {
        check = HospitalCheck(clinic)
        self.token = token
        self.credentials = credentials
        addresses = try clinic.services.sorted { Self.place(of: $0) < Self.place(of: $1) }.map { ($0, try hospital.address(of: $0)) }
    }

    public func report() async throws -> CheckReport {
        var looks = RepeatedLooks(check)
        while true {
            looks.add(try await read { try check.look(at: $0, isServed: true) })
            if let report = looks.report { return report }
            try await Task.sleep(for: RepeatedLooks.pause)
        }
    }

    /// Asks something of backups that the services make of themselves.
    public func read<Found>(_ body: (any DatabasesSideBySide) throws -> Found) async throws -> Found {
        var paths: [String: String] = [:]
        do {
            for (service, address) in addresses { paths[service] = try await backUp(service, at: address) }
            let found = try examine(paths, body)
            try Self.remove(paths)
            return found
        } catch {
            // The first failure is the one to tell; what copies there are go as far as they can.
            try? Self.remove(paths)
            throw error
        }
    }

    private func examine<Found>(_ paths: [String: String], _ body: (any DatabasesSideBySide) throws -> Found) throws -> Found {
        let files = try DatabaseFiles(paths, held: false)
        let found = try body(files)
        try files.close()
        return found
    }

    /// The copies hold what the databases hold, so one that can't be removed is an error.
    private static func remove(_ paths: [String: String]) throws {
        for path in paths.values where FileManager.default.fileExists(atPath: path) { try FileManager.default.removeItem(atPath: path) }
    }

    /// Where the copy lies.
    private func backUp(_ service: String, at address: NetworkAddress) async throws -> String {
        let options = CallOptions(timeout: Self.backupTimeout, metadata: [MetadataName.authorization: BearerToken.field(token)])
        let name = BackupFolder.temporaryName(.check)
        return try await RPCClient.withClient(to: address, tls: credentials?.asClient(of: service)) { client in
            try await BackupServiceClient(client).backUp(BackUpRequest(name: name), options).path
        }
    }

    private static func place(of service: String) -> Int {
        order.firstIndex(of: service) ?? 0
    }
}

extension HospitalAddresses {
    /// - Throws: ``ServiceAway`` where the hospital does not run the service.
    func address(of service: String) throws -> NetworkAddress {
        guard let address = services[service].flatMap({ NetworkAddress($0) }) else { throw ServiceAway(service: service) }
        return address
    }
}

/// A hospital runs, but not with all its services.
public struct ServiceAway: Error, CustomStringConvertible {
    public let service: String
    public var description: String { "the hospital that runs has no \(service) service" }
}
