import Contracts
import GRPC
import Logging
import MetricsRegistry
import NIOPosix
public import RPC
public import Storage

/// A running service: its database, its port, its clients to other services and the relay of its events.
public final class ServiceHost: Sendable {
    public let assembly: ServiceAssembly
    /// Where it answers RPC.
    public let address: ServerAddress

    private let server: RPCServer
    private let clients: [RPCClient]
    private let backgroundWork: BackgroundWork
    private let metricsListener: MetricsListener?
    private let exporter: SpanExporter?
    private let grace: Duration

    private init(
        _ assembly: ServiceAssembly, _ server: RPCServer, at address: ServerAddress, _ clients: [RPCClient], _ work: BackgroundWork,
        _ metricsListener: MetricsListener?, _ exporter: SpanExporter?, grace: Duration
    ) {
        self.assembly = assembly
        self.server = server
        self.address = address
        self.clients = clients
        self.grace = grace
        backgroundWork = work
        self.metricsListener = metricsListener
        self.exporter = exporter
    }

    /// Starts a service; it takes calls when this returns.
    ///
    /// - Throws: what keeps it from starting, with a readable description.
    public static func start(
        _ definition: ServiceDefinition, _ configuration: HospitalConfiguration, options: HostOptions = HostOptions()
    ) async throws -> ServiceHost {
        let logger = options.logger ?? .hospital(service: definition.name, level: configuration.logLevel)
        let credentials = try configuration.credentials(logger: logger)
        let doors = try configuration.openDoors(
            rpc: credentials == nil ? configuration.rpcListen : nil, http: nil, metrics: configuration.metricsListen)
        for door in doors { logger.warning("\(door.warning)") }
        let metrics = options.metrics
        let (recorder, exporter) = SpanRecorder.ofProcess(definition.name, configuration.traces, metrics, logger: logger)
        let traces = options.traces ?? recorder
        if options.takesSpansOfLibraries { traces.takeSpansOfLibraries() }
        let clients = clients(configuration, credentials, metrics, traces, logger: logger)
        var options = options
        options.traces = traces
        options.logger = logger
        options.peers.merge(clients) { given, _ in given }
        let assembly = try await ServiceAssembly.open(definition, configuration, options: options)
        let server = RPCServer(
            services: assembly.services, interceptors: assembly.interceptors,
            options: serverOptions(
                configuration, credentials, options, CallMetrics.ofServer(assembly.services.flatMap(\.methods), in: metrics)),
            logger: logger)
        metrics.collect(of: server)
        metrics.collect(of: clients)
        var listener: MetricsListener?
        do {
            listener = try await MetricsListener.start(metrics, configuration, inherited: options.inherited[.metrics], logger: logger)
            let address = try await server.start()
            let work = BackgroundWork(definition, assembly.workers, assembly.resources, configuration)
            metrics.collect(eventsOf: work)
            exporter?.start()
            assembly.readiness.set(true)
            StartProgress(options.inherited).tell(.ready)
            logger.notice("Ready", metadata: ["address": "\(address)"])
            return ServiceHost(
                assembly, server, at: address, Array(clients.values), work, listener, exporter, grace: configuration.drainGrace)
        } catch {
            await listener?.stop()
            for client in clients.values { await client.close() }
            await assembly.close()
            throw error
        }
    }

    /// Where it tells its metrics; nil where it doesn't.
    public var metricsAddress: NetworkAddress? { metricsListener?.address }

    /// What became of the service's events since its start, by who hears of them.
    public var eventCounts: [String: OutboxCounts] { backgroundWork.eventCounts }

    /// Stops: takes no more calls, lets those under way end within the configured grace, and closes the database.
    public func stop() async {
        assembly.readiness.set(false)
        await server.shutdownGracefully(grace: grace)
        await backgroundWork.stop()
        for client in clients { await client.close() }
        await metricsListener?.stop()
        await exporter?.stop()
        await assembly.close()
        assembly.resources.logger.notice("Stopped")
    }

    private static func clients(
        _ configuration: HospitalConfiguration, _ credentials: TLSCredentials?, _ metrics: Metrics, _ traces: SpanRecorder,
        logger: Logger
    ) -> [String: RPCClient] {
        configuration.peers.reduce(into: [:]) { clients, peer in
            var options = RPCClientOptions()
            options.tls = credentials?.asClient(of: peer.key)
            options.defaultTimeout = configuration.timeout
            options.connections = .onePerEventLoop
            options.contractFingerprint = Contracts.fingerprint
            options.observer = HopSpans(
                traces, to: peer.key, counting: CallMetrics.ofClient(to: peer.key, Contracts.methods, in: metrics))
            let addresses = peer.value.map { ServerAddress(host: $0.host, port: $0.port) }
            clients[peer.key] = RPCClient(addresses: addresses, options: options, logger: logger)
        }
    }

    private static func serverOptions(
        _ configuration: HospitalConfiguration, _ credentials: TLSCredentials?, _ host: HostOptions,
        _ observer: (any CallObserver)?
    ) -> RPCServerOptions {
        var options = RPCServerOptions()
        options.tls = credentials?.asServer
        options.observer = observer
        options.portSharing = GRPCPort()
        options.listener = host.inherited[.rpc]
        options.admission = host.admission
        options.host = configuration.rpcListen.host
        options.port = configuration.rpcListen.port
        options.maximumTimeout = configuration.maximumTimeout
        options.contractFingerprint = Contracts.fingerprint
        return options
    }
}
