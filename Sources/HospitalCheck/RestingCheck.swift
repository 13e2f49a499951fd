import Foundation
public import Storage
public import Supervision

/// A check of a data folder on which nothing runs.
public struct RestingCheck: Sendable {
    private let folder: DataFolder
    private let check: HospitalCheck
    private let services: [String]

    public init(_ folder: DataFolder, _ clinic: ClinicKnowledge) {
        self.folder = folder
        check = HospitalCheck(clinic)
        services = clinic.services
    }

    /// Keeps everybody from starting a hospital there while it looks.
    ///
    /// - Throws: ``DatabaseMissing`` where a service has no database, and what opening one throws.
    public func report() async throws -> CheckReport {
        try await read { try check.judge(atRest: $0) }
    }

    /// The same for another question about all databases.
    public func read<Found>(_ body: (any DatabasesSideBySide) throws -> Found) async throws -> Found {
        try await hold { files, _ in try body(files) }
    }

    /// Keeps everybody from starting a hospital there meanwhile, and gives the databases and where each lies.
    public func hold<Found>(_ body: (DatabaseFiles, [String: String]) throws -> Found) async throws -> Found {
        guard FileManager.default.fileExists(atPath: folder.path) else {
            throw DataFolderError.unusable(path: folder.path, reason: "there is no such folder; --data names the hospital's")
        }
        let lock = try await folder.lock(patience: .seconds(15))
        let paths = try paths()
        let files = try DatabaseFiles(paths, held: true)
        let found = try body(files, paths)
        try files.close()
        lock?.release()
        return found
    }

    private func paths() throws -> [String: String] {
        var paths: [String: String] = [:]
        for service in services {
            let path = "\(folder.path)/\(service)/\(service).sqlite"
            guard FileManager.default.fileExists(atPath: path) else { throw DatabaseMissing(service: service, path: path) }
            paths[service] = path
        }
        return paths
    }
}

/// A service has no database: it has never run on this folder, or the file is gone.
public struct DatabaseMissing: Error, CustomStringConvertible {
    public let service: String
    public let path: String

    public init(service: String, path: String) {
        self.service = service
        self.path = path
    }

    public var description: String {
        "the \(service) service has no database at \(path): either no hospital has ever run there, or the file is gone"
    }
}
