import Contracts
public import Logging
import MetricsRegistry
import NIOPosix
import RPC
public import ServiceKit
import ServiceLifecycle
import SharedCache
import UnixSignals

/// The shim as a process of its own.
public enum RESTHost {
    /// Serves until a signal asks it to stop, lets requests under way finish, and returns.
    ///
    /// - Parameter inherited: what a supervisor has opened for it. It is told when requests are answered.
    public static func run(
        _ hospital: HospitalConfiguration, inherited: InheritedDescriptors = .none, logger: Logger
    ) async throws {
        FileDescriptorLimit.raise()
        let verifier = try await TokenVerifier(hospital.identity, logger: logger)
        let group = MultiThreadedEventLoopGroup.singleton
        let metrics = Metrics.ofProcess()
        metrics.receiveFromLibraries()
        let credentials = try hospital.credentials(logger: logger)
        let (recorder, exporter) = SpanRecorder.ofProcess("rest", hospital.traces, metrics, logger: logger)
        recorder.takeSpansOfLibraries()
        let clients = hospital.peers.reduce(into: [String: RPCClient]()) { clients, peer in
            let observer = HopSpans(
                recorder, to: peer.key, counting: CallMetrics.ofClient(to: peer.key, Contracts.methods, in: metrics))
            clients[peer.key] = client(to: peer.value, credentials?.asClient(of: peer.key), observer, on: group, logger: logger)
        }
        let replicas = replicas(hospital, credentials, on: group, logger: logger)
        let requestLog = RequestLog.standardError(as: logger)
        var configuration = RESTServerConfiguration(hospital)
        configuration.listeningSocket = inherited[.http]
        configuration.cache = try hospital.cache.map { try SharedCache($0, logger: logger) }
        configuration.sessionCache = try hospital.cache.map { try SharedCache($0, limits: .patient, logger: logger) }
        configuration.credentials = try hospital.httpCredentials(logger: logger)
        let doors = try hospital.openDoors(
            rpc: nil, http: configuration.credentials == nil ? hospital.httpListen : nil, metrics: hospital.metricsListen)
        for door in doors { logger.warning("\(door.warning)") }
        metrics.collect(of: clients)
        let listener = try await MetricsListener.start(metrics, hospital, inherited: inherited[.metrics], logger: logger)
        let server = RESTServer(
            configuration, channels: clients, replicas: replicas, verifier: verifier, eventLoopGroup: group, requestLog: requestLog,
            metrics: metrics, recorder: recorder, logger: logger,
            onListening: { port in
                StartProgress(inherited).tell(.ready)
                logger.notice("Ready", metadata: ["address": "\(NetworkAddress(host: hospital.httpListen.host, port: port))"])
            })
        exporter?.start()
        try await serve(server, drainGrace: hospital.drainGrace, logger: logger)
        await listener?.stop()
        await exporter?.stop()
        for client in Array(clients.values) + replicas.values.joined() { await client.close() }
    }

    private static func serve(_ server: RESTServer, drainGrace: Duration, logger: Logger) async throws {
        var configuration = ServiceGroupConfiguration(
            services: [server], gracefulShutdownSignals: StopSignals.all, logger: logger)
        configuration.maximumGracefulShutdownDuration = drainGrace
        try await ServiceGroup(configuration: configuration).run()
    }

    /// A client for each process of the services that have several, by which an operator asks each of them. It connects when it
    /// is used, and not before.
    private static func replicas(
        _ hospital: HospitalConfiguration, _ credentials: TLSCredentials?, on group: MultiThreadedEventLoopGroup, logger: Logger
    ) -> [String: [RPCClient]] {
        hospital.peers.filter { $0.value.count > 1 }.reduce(into: [:]) { replicas, peer in
            replicas[peer.key] = peer.value.map { address in
                var options = RPCClientOptions()
                options.tls = credentials?.asClient(of: peer.key)
                options.contractFingerprint = Contracts.fingerprint
                return RPCClient(host: address.host, port: address.port, options: options, eventLoopGroup: group, logger: logger)
            }
        }
    }

    /// A connection on every event loop: a request's call goes out on the loop that the request came in on.
    private static func client(
        to addresses: [NetworkAddress], _ tls: ClientTLS?, _ observer: (any CallObserver)?, on group: MultiThreadedEventLoopGroup,
        logger: Logger
    ) -> RPCClient {
        var options = RPCClientOptions()
        options.tls = tls
        options.connections = .onePerEventLoop
        options.retry.retriesOverload = false
        options.observer = observer
        options.contractFingerprint = Contracts.fingerprint
        return RPCClient(
            addresses: addresses.map { ServerAddress(host: $0.host, port: $0.port) }, options: options, eventLoopGroup: group,
            logger: logger)
    }
}
