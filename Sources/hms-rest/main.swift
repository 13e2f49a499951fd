import Contracts
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

Lifeline.watch()

let arguments = Array(CommandLine.arguments.dropFirst())
if arguments.contains("--help") || arguments.contains("-h") {
    say(Help.text, to: STDOUT_FILENO)
    exit(0)
}
if arguments.contains("--version") {
    say(Contracts.version, to: STDOUT_FILENO)
    exit(0)
}

do {
    let loaded = try await HospitalConfiguration.load(arguments: arguments, environment: ProcessInfo.processInfo.environment)
    let logger = Logger.hospital(service: "rest", level: loaded.configuration.logLevel)
    logger.debug("Configured", metadata: ["settings": "\(loaded.redactedDump)"])
    try await RESTHost.run(loaded.configuration, logger: logger) { address in
        logger.notice("Ready", metadata: ["address": "\(address)"])
    }
} catch {
    say("hms-rest: \(error)", to: STDERR_FILENO)
    exit(error is ConfigurationError ? 2 : 1)
}

/// Writes a line at once; where nobody reads it, nothing is lost that the log doesn't say.
@Sendable func say(_ text: String, to descriptor: Int32) {
    let line = Array("\(text)\n".utf8)
    _ = line.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
}
