import ArgumentParser
import Foundation
import HospitalCheck
import Logging
import ServiceKit
import Storage

/// `hms copy`
struct Copy: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Moves a hospital from SQLite to PostgreSQL, or back.",
        discussion: """
            Copies all that the services keep, table by table, and compares both sides by counts and checksums. The hospital must \
            be stopped: a service that runs on SQLite is noticed, one that runs on PostgreSQL shows as a table that differs in the \
            end. The target must be empty. What was interrupted can be run again: it goes on with what is not there yet, and until \
            it is finished no service starts on the target. Keys and settings stay in the data folder.

            A place is sqlite:FOLDER, the hospital's data folder, or postgres://user:password@host:port/name, in which each \
            service has a schema. Others see a password in a list of processes: HMS_DATABASE stands for a place that is not given.

            EXAMPLES
              hms copy --from sqlite:./var --to postgres://hms@db.hospital.example/hms
              hms copy --from postgres://hms@db.hospital.example/hms --to sqlite:/srv/clinic
            """)

    @Option(help: ArgumentHelp("Where the hospital is now; HMS_DATABASE where not given.", valueName: "place"))
    var from: String?

    @Option(help: ArgumentHelp("Where it goes; HMS_DATABASE where not given.", valueName: "place"))
    var to: String?

    func validate() throws {
        guard from != nil || to != nil else { throw ValidationError("Give --from or --to, or both.") }
    }

    func run() async throws {
        let (source, target) = (try place(from), try place(to))
        guard source != target else { throw ValidationError("--from and --to are the same place.") }
        try source.requireHospital()
        for definition in HospitalServices.all { try await copy(definition, from: source, to: target) }
        Output.print("done: both sides are the same")
    }

    private func copy(_ definition: ServiceDefinition, from source: DatabasePlace, to target: DatabasePlace) async throws {
        let logger = Logger.hospital(service: "copy", level: .warning)
        var place = try target.database(of: definition.name)
        place.isTargetOfCopy = true
        let from = try await Database.open(source.database(of: definition.name), schema: definition.schema, logger: logger)
        let rows = try await from.closedAfterwards { [place] from in
            let to = try await Database.open(place, schema: definition.schema, logger: logger)
            return try await to.closedAfterwards { to in try await copy(definition, from, to) }
        }
        Output.print("\(definition.name): \(rows) rows, the same on both sides")
    }

    private func copy(_ definition: ServiceDefinition, _ from: Database, _ to: Database) async throws -> Int {
        let copy = DatabaseCopy(from: from, to: to)
        let rows = try await copy.run { Output.remark("\(definition.name): \($0), \($1) rows") }
        try await definition.remakeIndex(in: to)
        try await copy.finish()
        return rows
    }

    private func place(_ text: String?) throws -> DatabasePlace {
        let environment = ProcessInfo.processInfo.environment
        guard let text = text ?? environment[Settings.database.environmentName] else {
            throw ValidationError("HMS_DATABASE is not set: give both --from and --to.")
        }
        guard let place = DatabasePlace(text) else {
            throw ValidationError("A place is sqlite:FOLDER or postgres://user:password@host:port/name.")
        }
        return place
    }
}

extension Database {
    /// Closes it when `body` has ended, however that was.
    func closedAfterwards<Result>(_ body: (Database) async throws -> Result) async throws -> Result {
        do {
            let result = try await body(self)
            await close()
            return result
        } catch {
            await close()
            throw error
        }
    }
}

extension ServiceDefinition {
    func remakeIndex(in database: Database) async throws {
        guard let remakeIndex else { return }
        var place: Int64? = 0
        while let start = place { place = try await database.write { try remakeIndex($0, start) } }
    }
}
