import ArgumentParser
import Foundation
import HospitalCheck
import Logging
import ServiceKit
import Storage
import Supervision
import Vocabulary

/// `hms audit restored`
struct AuditRestored: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restored", abstract: "Writes into the audit that a database was set back by other means than “hms restore”.",
        discussion: """
            A file of an archive that was put in the place of a damaged one, a dump, a point in time of the server's own log. Of a \
            hospital at rest, before it is started again: then “hms audit verify” tells of it, and knows what it explains. On a server \
            no service may work on the databases, wherever it runs: one that was killed counts as alive for 15 seconds.

            EXAMPLES
              hms audit restored patient --made 2026-11-28T09:00:00Z
              HMS_DATABASE=postgres://… hms audit restored --made 2026-11-28T09:00:00Z
            """)

    @Argument(help: ArgumentHelp("Whose databases were set back; all where none is named.", valueName: "service"))
    var services: [String] = []

    @Option(help: ArgumentHelp("When the copy was made that is there now, RFC 3339.", valueName: "time"))
    var made: String

    @OptionGroup var data: DataOption

    func validate() throws {
        if let unknown = services.first(where: { !HospitalServices.names.contains($0) }) {
            throw ValidationError("“\(unknown)” is no service: \(HospitalServices.names.joined(separator: ", ")).")
        }
        guard Instant(rfc3339: made) != nil else { throw ValidationError("--made must be a time like 2026-11-01T00:00:00Z.") }
    }

    func run() async throws {
        let configuration = try data.configuration()
        try requireRest(of: configuration)
        let logger = Logger.hospital(service: "audit", level: .warning)
        let now = SystemTime.millisecondsSinceEpoch()
        let madeAt = Instant(rfc3339: made)?.millisecondsSinceEpoch ?? now
        for definition in HospitalServices.all where services.isEmpty || services.contains(definition.name) {
            let place = try configuration.databases.database(of: definition.name, dataFolder: configuration.dataFolder)
            let database = try await Database.open(place, schema: definition.schema, logger: logger)
            _ = try await database.closedAfterwards { try await $0.recordRestoration(archivedAt: madeAt, at: now) }
        }
        let named = services.isEmpty ? HospitalServices.names : services
        let time = Instant(millisecondsSinceEpoch: now).rfc3339
        Output.print("Written into the audit of \(named.joined(separator: ", ")): restored at \(time)")
    }
    /// What comes while somebody works on the databases would be taken for the copy's.
    private func requireRest(of configuration: HospitalConfiguration) throws {
        if (try? DataFolder(configuration.dataFolder).runningHospital()) != nil {
            throw ValidationError("The hospital runs: what has come since would be taken for the copy's. Stop it first.")
        }
        for service in HospitalServices.names {
            guard configuration.databases.isServer(of: service) else {
                let path = configuration.databases.file(of: service, dataFolder: configuration.dataFolder)
                // What is opened is made where it is not there.
                guard FileManager.default.fileExists(atPath: path) else { throw DatabaseMissing(service: service, path: path) }
                continue
            }
            guard try !isServed(service, configuration) else {
                throw ValidationError(
                    """
                    The \(service) service works on its database, here or on another machine: what has come since would be taken for the \
                    copy's. Stop the hospital everywhere first; a process that was killed counts as alive for 15 seconds.
                    """)
            }
        }
    }

    private func isServed(_ service: String, _ configuration: HospitalConfiguration) throws -> Bool {
        let place = try configuration.databases.database(of: service, dataFolder: configuration.dataFolder)
        let schema = try DatabaseSchemas([service: place], logger: .hospital(service: "audit", level: .warning))
        let isServed = Result { try schema.isServed }
        try schema.close()
        return try isServed.get()
    }
}
