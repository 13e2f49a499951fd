import ArgumentParser
import Foundation
import Logging
import ServiceKit
import Storage

/// `hms migrate`
struct Migrate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Brings the databases of all services to what this version keeps, before it runs.",
        discussion: """
            Every service does so by itself when it starts; here it is done for all of them before the first one is exchanged, so that \
            what can't be migrated is seen while the version before still serves. On PostgreSQL both run on one database meanwhile. \
            A database in a file must not be in use. What was done already is not done again.

            EXAMPLES
              HMS_DATABASE=postgres://hms@db.hospital.example/hms hms migrate
            """)

    @OptionGroup var data: DataOption

    func run() async throws {
        let configuration = try data.configuration()
        let logger = Logger.hospital(service: "migrate", level: configuration.logLevel)
        for definition in HospitalServices.all {
            let place = try configuration.databases.database(of: definition.name, dataFolder: configuration.dataFolder)
            try await Database.open(place, schema: definition.schema, logger: logger).close()
            Output.print("\(definition.name): ready for this version")
        }
    }
}
