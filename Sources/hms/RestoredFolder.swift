import Archive
import Foundation
import HospitalCheck
import Logging
import ServiceKit
import Storage

/// A data folder that came out of an archive.
struct RestoredFolder {
    private let path: String
    private let configuration: HospitalConfiguration

    init(_ path: String, _ configuration: HospitalConfiguration) {
        self.path = path
        self.configuration = configuration
    }

    /// Forgets people again who were forgotten after the archive was made, or before.
    func forget(_ people: [ForgottenPerson]) async throws {
        for definition in HospitalServices.all {
            guard let erasure = definition.erasure else { continue }
            try await withDatabase(of: definition) { database in
                for person in people { try await database.write { try $0.forget(person, by: erasure) } }
                try await database.scrub()
            }
        }
    }

    /// Writes into every audit that what was recorded after the archive is not in it.
    ///
    /// - Parameter now: UTC milliseconds.
    func recordRestoration(of archivedAt: Date, at now: Int64) async throws {
        let archived = Int64(archivedAt.timeIntervalSince1970 * 1_000)
        for definition in HospitalServices.all {
            try await withDatabase(of: definition) { _ = try await $0.recordRestoration(archivedAt: archived, at: now) }
        }
    }

    private func withDatabase(of definition: ServiceDefinition, _ body: (Database) async throws -> Void) async throws {
        let place = try DatabasePlaces().database(of: definition.name, dataFolder: path)
        let logger = Logger.hospital(service: "restore", level: .warning)
        let database = try await Database.open(place, schema: definition.schema, logger: logger)
        try await database.closedAfterwards(body)
    }

    /// Puts what the databases hold onto a server, and takes them out of the folder.
    ///
    /// No service starts on the server before all are there. What was interrupted goes on when it is called again.
    func moveDatabases(to place: DatabasePlace) async throws {
        let logger = Logger.hospital(service: "restore", level: .warning)
        for definition in HospitalServices.all {
            var target = try place.database(of: definition.name)
            target.isTargetOfCopy = true
            let to = try await Database.open(target, schema: definition.schema, logger: logger)
            try await to.closedAfterwards { to in
                let source = try DatabasePlaces().database(of: definition.name, dataFolder: path)
                let from = try await Database.open(source, schema: definition.schema, logger: logger)
                try await from.closedAfterwards { from in
                    _ = try await DatabaseCopy(from: from, to: to).run { Output.remark("\(definition.name): \($0), \($1) rows") }
                    try await definition.remakeIndex(in: to)
                }
            }
        }
        for definition in HospitalServices.all {
            var target = try place.database(of: definition.name)
            target.isTargetOfCopy = true
            let to = try await Database.open(target, schema: definition.schema, logger: logger)
            try await to.closedAfterwards { try await DatabaseCopy.finish($0) }
        }
        for service in HospitalServices.names { try removeDatabase(of: service) }
    }

    private func removeDatabase(of service: String) throws {
        let folder = "\(path)/\(service)"
        for name in try FileManager.default.contentsOfDirectory(atPath: folder) where name.hasPrefix("\(service).sqlite") {
            try FileManager.default.removeItem(atPath: "\(folder)/\(name)")
        }
    }

    /// - Throws: ``ArchiveError/unsound(_:)`` where its databases are damaged or contradict one another.
    func requireSound() throws {
        var paths: [String: String] = [:]
        for service in HospitalServices.names {
            let path = "\(path)/\(service)/\(service).sqlite"
            guard FileManager.default.fileExists(atPath: path) else { throw ArchiveError.unsound("it has no database of \(service)") }
            paths[service] = path
        }
        let files = try DatabaseFiles(paths, held: false)
        for service in HospitalServices.names {
            guard try files.damage(of: service).isEmpty else { throw ArchiveError.unsound("the database of \(service) is damaged") }
        }
        let clinic = ClinicKnowledge(HospitalServices.all, calendar: try configuration.clinic.calendar())
        let report = try HospitalCheck(clinic).judge(atRest: files)
        try files.close()
        guard report.isSound else { throw ArchiveError.unsound("its data contradict one another\n\(report)") }
    }
}
