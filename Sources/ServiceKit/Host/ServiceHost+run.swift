public import Logging
import MetricsRegistry
import ServiceLifecycle
import UnixSignals

extension ServiceHost {
    /// Starts a service and serves until a signal asks it to stop; returns when it has.
    ///
    /// - Parameter inherited: what a supervisor has opened for it. It is told how far the start comes.
    public static func run(
        _ definition: ServiceDefinition, _ configuration: HospitalConfiguration, inherited: InheritedDescriptors = .none, logger: Logger
    ) async throws {
        FileDescriptorLimit.raise()
        var options = HostOptions(logger: logger, inherited: inherited)
        options.metrics.receiveFromLibraries()
        options.takesSpansOfLibraries = true
        let group = ServiceGroup(
            services: [UntilShutdown(definition: definition, configuration: configuration, options: options)],
            gracefulShutdownSignals: StopSignals.all, logger: logger)
        try await group.run()
    }
}

/// A service from its start to its graceful end.
private struct UntilShutdown: Service {
    let definition: ServiceDefinition
    let configuration: HospitalConfiguration
    let options: HostOptions

    func run() async throws {
        let host = try await ServiceHost.start(definition, configuration, options: options)
        // Throws only where the task is cancelled instead, which asks for the same end.
        try? await gracefulShutdown()
        await host.stop()
    }
}
