import ArgumentParser
import Foundation
import Logging
import RESTShim
import ServiceKit

/// `hms serve`
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Runs one service of the hospital, or its REST shim.",
        discussion: """
            Services: \(ServedPart.names.joined(separator: ", ")). Every setting is a flag, an environment variable or a key \
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
        guard ServedPart(name: service) != nil else {
            throw ValidationError("There is no service “\(service)”; there are \(ServedPart.names.joined(separator: ", ")).")
        }
    }

    func run() async throws {
        guard let part = ServedPart(name: service) else { return }
        let environment = ProcessInfo.processInfo.environment
        let inherited = try InheritedDescriptors(environment: environment)
        do {
            let loaded = try HospitalConfiguration.load(arguments: settings, environment: environment)
            let logger = Logger.hospital(service: service, level: loaded.configuration.logLevel)
            if !inherited.isSupervised { for remark in loaded.remarks { logger.warning("\(remark)") } }
            let levels = Task { [configuration = loaded.configuration, service] in
                await LogLevelWatch.follow(
                    LogLevelOrders.path(in: configuration.dataFolder), part: service, usual: configuration.logLevel, logger: logger)
            }
            defer { levels.cancel() }
            try await part.run(loaded.configuration, inherited, logger)
        } catch {
            StartProgress(inherited).tell(.failed(reason: "\(error)"))
            throw error
        }
    }
}

/// What runs as a process of its own.
private enum ServedPart {
    case service(ServiceDefinition)
    /// The public API.
    case rest

    static let names = HospitalServices.names + ["rest"]

    init?(name: String) {
        guard name != "rest" else {
            self = .rest
            return
        }
        guard let definition = HospitalServices.named(name) else { return nil }
        self = .service(definition)
    }

    func run(_ configuration: HospitalConfiguration, _ inherited: InheritedDescriptors, _ logger: Logger) async throws {
        switch self {
        case .service(let definition): try await ServiceHost.run(definition, configuration, inherited: inherited, logger: logger)
        case .rest: try await RESTHost.run(configuration, inherited: inherited, logger: logger)
        }
    }
}
