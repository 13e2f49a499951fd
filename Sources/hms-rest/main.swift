import FoundationEssentials
import Logging
import RESTShim
import ServiceKit

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

let arguments = Array(CommandLine.arguments.dropFirst())
if arguments.contains("--help") || arguments.contains("-h") {
    print(Help.text)
    exit(0)
}

do {
    let environment = ProcessInfo.processInfo.environment
    let loaded = try await HospitalConfiguration.load(arguments: arguments, environment: environment)
    let logger = Logger.hospital(service: "rest", level: loaded.configuration.logLevel)
    logger.debug("Configured", metadata: ["settings": "\(loaded.redactedDump)"])
    try await RESTHost.run(loaded.configuration, logger: logger) { address in
        print("rest answers at http://\(address)")
        fflush(stdout)
    }
} catch {
    fputs("hms-rest: \(error)\n", stderr)
    exit(error is ConfigurationError ? 2 : 1)
}
