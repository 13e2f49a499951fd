import ArgumentParser
import Foundation
import HospitalCommand
import Logging
import ServiceKit

/// `hms serve`
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Runs one service of the hospital.",
        discussion: """
            Services: \(HospitalServices.names.joined(separator: ", ")). Every setting is a flag, an environment variable or a key \
            of the JSON file that --config names; the flag wins over the variable, and that over the file.

            SETTINGS
            \(SettingsHelp.table)

            EXAMPLES
              hms serve patient --data ./var --rpc-listen 127.0.0.1:7000
              HMS_CLINIC_TIMEZONE=America/New_York hms serve doctor --rpc-listen 127.0.0.1:7001
            """)

    @Argument(help: "The service to run.")
    var service: String

    @Argument(parsing: .allUnrecognized, help: ArgumentHelp("Any of the settings below.", valueName: "settings"))
    var settings: [String] = []

    func validate() throws {
        guard HospitalServices.named(service) != nil else {
            throw ValidationError("There is no service “\(service)”; there are \(HospitalServices.names.joined(separator: ", ")).")
        }
    }

    func run() async throws {
        guard let definition = HospitalServices.named(service) else { return }
        let environment = ProcessInfo.processInfo.environment
        let inherited = try InheritedDescriptors(environment: environment)
        do {
            let loaded = try await HospitalConfiguration.load(arguments: settings, environment: environment)
            let logger = Logger.hospital(service: definition.name, level: loaded.configuration.logLevel)
            if !inherited.isSupervised { for remark in loaded.remarks { logger.warning("\(remark)") } }
            try await ServiceHost.run(definition, loaded.configuration, inherited: inherited, logger: logger)
        } catch {
            StartProgress(inherited).tell(.failed(reason: "\(error)"))
            throw error
        }
    }
}
