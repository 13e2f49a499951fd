public import Foundation
import PlainText
import ServiceKit

/// Where the services of a hospital are.
public struct ServiceAddresses: Sendable {
    /// Why a service can't be found.
    public struct Unknown: Error, CustomStringConvertible {
        public let description: String
    }

    private let find: @Sendable (String) -> String?

    /// - Parameter addresses: `host:port` by the name of the service: `patient`.
    public init(_ addresses: [String: String]) {
        find = { addresses[$0] }
    }

    /// Each under its own name and at the same port, as in Kubernetes and in Compose: `patient.hms:7000`.
    public init(port: Int, domain: String = "") {
        find = { service in "\(service)\(domain.isEmpty ? "" : "." + domain):\(port)" }
    }

    /// As the `hospital.json` of a hospital on this machine has them, which lies in its data folder while it runs.
    public init(hospitalFile: URL) throws {
        let hospital = try JSONValue(parsing: Array(Data(contentsOf: hospitalFile)))
        guard case .object(let services)? = hospital["services"] else {
            throw Unknown(description: "\(hospitalFile.path) says nothing of services")
        }
        self.init(Dictionary(services.compactMap { member in member.value.text.map { (member.name, $0) } }) { first, _ in first })
    }

    /// `host:port` of the service of this name.
    public func text(of service: String) throws -> String {
        try address(of: service).description
    }

    func address(of service: String) throws -> NetworkAddress {
        guard let text = find(service) else { throw Unknown(description: "there is no address of the \(service) service") }
        guard let address = NetworkAddress(text) else { throw Unknown(description: "“\(text)” is no address of the form host:port") }
        return address
    }
}
