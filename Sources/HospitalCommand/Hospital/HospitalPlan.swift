import Foundation
import ServiceKit

/// Which processes make up a hospital, and where each one listens.
public struct HospitalPlan: Sendable {
    public struct Service: Hashable, Sendable {
        public let name: String
        public let address: NetworkAddress
    }

    public let folder: DataFolder
    public let http: NetworkAddress
    public let services: [Service]
    private let clockFile: String?

    /// - Parameters:
    ///   - http: port 0 picks a free one.
    ///   - services: in the order of their ports.
    ///   - rpcBasePort: the port of the first service, the next ones follow; 0 picks free ones.
    public init(folder: DataFolder, http: NetworkAddress, services names: [String], rpcBasePort: Int, clockFile: String?) throws {
        var ports = FreePorts()
        self.folder = folder
        self.clockFile = clockFile
        self.http = http.port == 0 ? NetworkAddress(host: http.host, port: try ports.next(host: http.host)) : http
        var services: [Service] = []
        for (index, name) in names.enumerated() {
            let host = "127.0.0.1"
            let port = rpcBasePort == 0 ? try ports.next(host: host) : rpcBasePort + index
            services.append(Service(name: name, address: NetworkAddress(host: host, port: port)))
        }
        self.services = services
    }

    /// Throws where somebody else listens already.
    public func checkPorts() throws {
        guard FreePorts.isFree(http) else { throw PortError.taken(http, by: "the public API", flag: "--http") }
        for service in services where !FreePorts.isFree(service.address) {
            throw PortError.taken(service.address, by: "the \(service.name) service", flag: "--rpc-base-port")
        }
    }

    public var addresses: HospitalAddresses {
        HospitalAddresses(
            pid: ProcessInfo.processInfo.processIdentifier, url: url,
            services: Dictionary(services.map { ($0.name, $0.address.description) }) { first, _ in first })
    }

    /// The public API, for callers on this machine.
    public var url: String {
        let everywhere = http.host == "0.0.0.0" || http.host == "::"
        return "http://\(everywhere ? NetworkAddress(host: "127.0.0.1", port: http.port) : http)"
    }

    /// The REST shim, which stops before the services it asks.
    func front(_ programs: Programs) -> [ProcessCommand] {
        let arguments = ["--http-listen", http.description] + commonArguments
        return [ProcessCommand(name: "rest", executable: programs.rest, arguments: arguments, environment: Self.environment)]
    }

    func back(_ programs: Programs) -> [ProcessCommand] {
        services.map { service in
            let arguments = ["serve", service.name, "--rpc-listen", service.address.description] + commonArguments
            return ProcessCommand(
                name: service.name, executable: programs.hms, arguments: arguments, environment: Self.environment)
        }
    }

    private var commonArguments: [String] {
        var arguments = ["--data", folder.path]
        if let clockFile { arguments += ["--clock", clockFile] }
        for service in services { arguments += ["--peer-\(service.name)", service.address.description] }
        return arguments
    }

    private static let environment = [Lifeline.variable: "1"]
}

/// The executables of the hospital, which lie side by side.
public struct Programs: Sendable {
    public let hms: String
    public let rest: String

    /// Finds them in the folder of the running executable.
    public init() throws {
        guard let own = Bundle.main.executablePath else { throw ProgramMissing(path: "hms") }
        try self.init(hms: own, rest: URL(fileURLWithPath: own).deletingLastPathComponent().path + "/hms-rest")
    }

    public init(hms: String, rest: String) throws {
        for path in [hms, rest] where !FileManager.default.isExecutableFile(atPath: path) { throw ProgramMissing(path: path) }
        self.hms = hms
        self.rest = rest
    }
}

/// A part of the hospital was not built or not installed.
public struct ProgramMissing: Error, CustomStringConvertible {
    public let path: String
    public var description: String { "\(path) is missing: build it with “make build”" }
}
