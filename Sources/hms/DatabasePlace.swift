import Foundation
import HospitalCheck
import Logging
import ServiceKit
import Storage

/// Where all services of a hospital keep their data.
enum DatabasePlace: Hashable {
    case folder(String)
    case server(String)

    init?(_ text: String) {
        if text.hasPrefix("sqlite:"), text.count > "sqlite:".count {
            self = .folder(String(text.dropFirst("sqlite:".count)))
        } else if text.hasPrefix("postgres://") || text.hasPrefix("postgresql://") {
            self = .server(text)
        } else {
            return nil
        }
    }

    /// What is opened is made where it is not there: a place that was misspelt must not be taken for an empty hospital.
    ///
    /// - Throws: ``DatabaseMissing`` or ``StorageError/cannotOpen(_:)`` where a service has no database.
    func requireHospital() throws {
        switch self {
        case .folder(let folder):
            for service in HospitalServices.names {
                let path = "\(folder)/\(service)/\(service).sqlite"
                guard FileManager.default.fileExists(atPath: path) else { throw DatabaseMissing(service: service, path: path) }
            }
        case .server:
            let databases = try HospitalServices.names.map { ($0, try database(of: $0)) }
            let schemas = try DatabaseSchemas(
                Dictionary(uniqueKeysWithValues: databases), logger: .hospital(service: "copy", level: .warning))
            try schemas.close()
        }
    }

    func database(of service: String) throws -> DatabaseConfiguration {
        switch self {
        case .folder(let path): try DatabasePlaces().database(of: service, dataFolder: path)
        case .server(let url): try DatabasePlaces(all: url).database(of: service, dataFolder: "")
        }
    }
}
