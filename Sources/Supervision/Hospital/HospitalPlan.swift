import Foundation
public import ServiceKit

/// Which processes make up a hospital, and where each one listens. Whoever makes a plan has all its sockets.
public struct HospitalPlan: Sendable {
    public struct Service: Sendable {
        public let name: String
        /// Counted from 1.
        let replica: Int
        public let address: NetworkAddress
        /// Nil: it runs elsewhere, and is only spoken to.
        let socket: ListeningSocket?

        /// What its process is called among the others: `patient`, and `patient.2` where there is a second one.
        public var processName: String { replica == 1 ? name : "\(name).\(replica)" }
    }

    public let folder: DataFolder
    public let http: NetworkAddress
    public let services: [Service]
    private let httpSocket: ListeningSocket
    /// Where processes tell their metrics, by their names; empty where they don't.
    private let metricsSockets: [String: ListeningSocket]
    private let lock: FolderLock
    private let settings: HospitalSettings

    /// - Parameters:
    ///   - services: in the order of their ports. One whose address is configured (`--peer-…`) runs elsewhere.
    ///   - replicas: how many processes each service has; the ports of the second ones follow those of the first.
    ///   - http: port 0 picks a free one.
    ///   - rpc: the address of the first service, the next ones have the ports that follow; port 0 picks free ones.
    ///   - metrics: where the first process tells its metrics, the next ones as for `rpc`; nil: nowhere.
    /// - Throws: ``PortError`` where somebody else listens already.
    public init(
        folder: DataFolder, lock: FolderLock, http: NetworkAddress, rpc: NetworkAddress, services names: [String],
        replicas: Int = 1, metrics: NetworkAddress? = nil, settings: HospitalSettings
    ) throws {
        self.folder = folder
        self.lock = lock
        self.settings = settings
        httpSocket = try ListeningSocket(http, for: "the public API", flag: Settings.httpListen.flag)
        self.http = httpSocket.address
        services = try (0..<replicas * names.count).compactMap { index in
            let (name, replica) = (names[index % names.count], index / names.count + 1)
            if let elsewhere = settings.peers[name]?.first {
                return replica == 1 ? Service(name: name, replica: 1, address: elsewhere, socket: nil) : nil
            }
            let address = NetworkAddress(host: rpc.host, port: rpc.port == 0 ? 0 : rpc.port + index)
            let socket = try ListeningSocket(address, for: "the \(name) service", flag: Settings.rpcListen.flag)
            return Service(name: name, replica: replica, address: socket.address, socket: socket)
        }
        metricsSockets = try Self.metricsSockets(of: ["rest"] + services.filter { $0.socket != nil }.map(\.processName), from: metrics)
    }

    private static func metricsSockets(of processes: [String], from first: NetworkAddress?) throws -> [String: ListeningSocket] {
        guard let first else { return [:] }
        return try processes.enumerated().reduce(into: [:]) { sockets, process in
            let address = NetworkAddress(host: first.host, port: first.port == 0 ? 0 : first.port + process.offset)
            sockets[process.element] = try ListeningSocket(
                address, for: "the metrics of \(process.element)", flag: Settings.metricsListen.flag)
        }
    }

    /// Where the metrics of each process are, for whoever collects them.
    public var metricsTargets: [MetricsTarget] {
        metricsSockets.map { MetricsTarget(process: $0.key, address: $0.value.address.forCallersHere) }.sorted { $0.process < $1.process }
    }

    public var addresses: HospitalAddresses {
        HospitalAddresses(
            pid: ProcessInfo.processInfo.processIdentifier, url: url,
            services: Dictionary(services.map { ($0.name, $0.address.forCallersHere.description) }) { first, _ in first },
            tls: settings.security.services)
    }

    /// The public API, for callers on this machine.
    public var url: String { "\(settings.security.http ? "https" : "http")://\(http.forCallersHere)" }

    /// The REST shim, which stops before the services it asks.
    func front(_ program: HospitalProgram) -> [ProcessCommand] {
        let arguments = ["serve", "rest", "--http-listen", http.description] + commonArguments
        return [command("rest", program, arguments, (.http, httpSocket))]
    }

    func back(_ program: HospitalProgram) -> [ProcessCommand] {
        services.compactMap { service in
            guard let socket = service.socket else { return nil }
            let arguments = ["serve", service.name, "--rpc-listen", service.address.description] + commonArguments
            return command(service.processName, program, arguments, (.rpc, socket))
        }
    }

    private func command(
        _ name: String, _ program: HospitalProgram, _ arguments: [String], _ listener: (name: InheritedDescriptors.Name, ListeningSocket)
    ) -> ProcessCommand {
        ProcessCommand(
            name: name, executable: program.path, arguments: arguments,
            environment: environment(of: name),
            descriptors: [(.lock, lock.descriptor), (listener.name, listener.1.descriptor)]
                + (metricsSockets[name].map { [(.metrics, $0.descriptor)] } ?? []))
    }

    /// The replicas of a service have one name, and so one certificate.
    private func environment(of processName: String) -> [String: String] {
        let part = String(processName.prefix { $0 != "." })
        return settings.environment.merging(settings.certificates?.variables(of: part) ?? [:]) { $1 }.merging([Lifeline.variable: "1"]) {
            $1
        }
    }

    private var commonArguments: [String] {
        var arguments = ["--data", folder.path]
        if let clockFile = settings.clockFile { arguments += ["--clock", clockFile] }
        for first in services where first.replica == 1 {
            let addresses = settings.peers[first.name] ?? services.filter { $0.name == first.name }.map(\.address.forCallersHere)
            arguments += ["--peer-\(first.name)", addresses.map(\.description).joined(separator: ",")]
        }
        return arguments
    }
}

extension NetworkAddress {
    /// Whoever listens on every address of the machine is reached from the machine itself by the loopback one.
    var forCallersHere: NetworkAddress {
        switch host {
        case "0.0.0.0": NetworkAddress(host: "127.0.0.1", port: port)
        case "::": NetworkAddress(host: "::1", port: port)
        default: self
        }
    }
}
