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

StopSignals.leaveErrorsToTheirCalls()
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

var progress = StartProgress.untold
do {
    let inherited = try InheritedDescriptors(environment: ProcessInfo.processInfo.environment)
    progress = StartProgress(inherited)
    let loaded = try HospitalConfiguration.load(arguments: arguments, environment: ProcessInfo.processInfo.environment)
    let logger = Logger.hospital(service: "rest", level: loaded.configuration.logLevel)
    logger.debug("Configured", metadata: ["settings": "\(loaded.redactedDump)"])
    if !inherited.isSupervised { for remark in loaded.remarks { logger.warning("\(remark)") } }
    let levels = Task { [configuration = loaded.configuration] in
        await LogLevelWatch.follow(
            LogLevelOrders.path(in: configuration.dataFolder), part: "rest", usual: configuration.logLevel, logger: logger)
    }
    defer { levels.cancel() }
    try await RESTHost.run(loaded.configuration, inherited: inherited, logger: logger)
} catch {
    progress.tell(.failed(reason: "\(error)"))
    say("hms-rest: \(error)", to: STDERR_FILENO)
    exit(error is ConfigurationError ? EX_USAGE : 1)
}

/// Writes a line at once; where nobody reads it, nothing is lost that the log doesn't say.
@Sendable func say(_ text: String, to descriptor: Int32) {
    let line = Array("\(text)\n".utf8)
    _ = line.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
}
