/// An address beyond this machine on which somebody is to listen without TLS: everybody on the way can read patients' data and
/// the tokens of those who see them.
public struct OpenDoor: Error, CustomStringConvertible {
    let address: NetworkAddress
    let remedy: String

    public var description: String {
        "\(address) is reached from beyond this machine, and what is said there could be read by whoever is between: "
            + "set \(remedy), or \(Settings.insecure.flag) where something else encrypts it"
    }

    /// What is said at the start where it was allowed.
    public var warning: String {
        "INSECURE: \(address) is reached from beyond this machine without TLS. Patients' data and tokens can be read on the way."
    }
}

extension HospitalConfiguration {
    /// The doors that stand open, where that is allowed.
    ///
    /// - Parameters:
    ///   - rpc: where services listen without TLS; nil where none does.
    ///   - http: the same for the public door.
    ///   - metrics: where metrics are told, always without TLS; nil where they aren't.
    /// - Throws: ``OpenDoor`` where it isn't.
    public func openDoors(rpc: NetworkAddress?, http: NetworkAddress?, metrics: NetworkAddress? = nil) throws -> [OpenDoor] {
        let doors = [
            rpc.map {
                OpenDoor(address: $0, remedy: "\(Settings.tlsCertificate.flag), \(Settings.tlsKey.flag) and \(Settings.tlsRoots.flag)")
            },
            http.map { OpenDoor(address: $0, remedy: "\(Settings.httpCertificate.flag) and \(Settings.httpKey.flag)") },
            metrics.map { OpenDoor(address: $0, remedy: "an address of this machine for \(Settings.metricsListen.flag)") },
        ].compactMap(\.self).filter { !$0.address.isLoopback }
        if let door = doors.first, !isInsecure { throw door }
        return doors
    }
}

extension NetworkAddress {
    /// Whether nobody but this machine reaches it.
    public var isLoopback: Bool {
        host == "localhost" || host == "::1"
            || (host.hasPrefix("127.") && host.utf8.allSatisfy { (0x30...0x39).contains($0) || $0 == 0x2E })
    }
}
