import Logging
import ServiceLifecycle
import UnixSignals

extension ServiceHost {
    /// Starts a service and serves until SIGTERM or SIGINT asks it to stop; returns when it has.
    public static func run(_ definition: ServiceDefinition, _ configuration: HospitalConfiguration) async throws {
        FileDescriptorLimit.raise()
        let logger = Logger.hospital(service: definition.name, level: configuration.logLevel)
        let group = ServiceGroup(
            services: [UntilShutdown(definition: definition, configuration: configuration, logger: logger)],
            gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
        try await group.run()
    }
}

/// A service from its start to its graceful end.
private struct UntilShutdown: Service {
    let definition: ServiceDefinition
    let configuration: HospitalConfiguration
    let logger: Logger

    func run() async throws {
        let host = try await ServiceHost.start(definition, configuration, options: HostOptions(logger: logger))
        // Throws only where the task is cancelled instead, which asks for the same end.
        try? await gracefulShutdown()
        await host.stop()
    }
}
