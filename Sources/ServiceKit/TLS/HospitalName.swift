public import Logging
public import RPC

/// What the parts of a hospital are called in their certificates: `patient.hms`, whatever their addresses are.
public enum HospitalName {
    /// Those who only call: the REST shim, and the command.
    public static let callers = [door, "command"]
    /// The REST shim.
    public static let door = "rest"

    public static func of(_ part: String) -> String { "\(part).hms" }

    /// Everybody to whom a service listens.
    public static let all = Set((Settings.services + callers).map(of))
}

extension HospitalConfiguration {
    /// What this process shows to the hospital's services; nil where they speak without TLS.
    ///
    /// - Throws: where a file can't be read, or what it holds can't be used.
    public func credentials(logger: Logger) throws -> TLSCredentials? {
        try tls.map { try TLSCredentials(TLSFiles($0), for: .services, logger: logger) }
    }

    /// What the public door shows to everybody; nil where it speaks without TLS.
    public func httpCredentials(logger: Logger) throws -> TLSCredentials? {
        try http.tls.map { try TLSCredentials(TLSFiles($0), for: .anybody, logger: logger) }
    }
}

extension TLSCredentials {
    /// To be a service of the hospital.
    public var asServer: ServerTLS { ServerTLS(self, peerNames: HospitalName.all) }

    /// To call a service of the hospital.
    public func asClient(of service: String) -> ClientTLS { ClientTLS(self, serverName: HospitalName.of(service)) }
}
