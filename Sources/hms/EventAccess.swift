import ArgumentParser
import Contracts
import HospitalClient
import RPC
import ServiceKit
import Supervision

/// Where dead letters lie, and by what right they are looked at.
struct EventAccess: ParsableArguments {
    @Option(help: ArgumentHelp("Only what this service refused.", valueName: "name"))
    var service: String?

    @OptionGroup var data: DataOption

    @OptionGroup var token: TokenOption

    private static let patience: Duration = .seconds(30)

    func validate() throws {
        if let service, HospitalServices.named(service) == nil {
            throw ValidationError("There is no service “\(service)”: there are \(HospitalServices.names.joined(separator: ", ")).")
        }
    }

    /// Asks every service of the running hospital, in the order of their names.
    func withEachService(_ body: (String, DeadLetterServiceClient, CallOptions) async throws -> Void) async throws {
        var options = CallOptions(timeout: Self.patience)
        options.metadata[MetadataName.authorization] = "Bearer \(try callerToken())"
        do {
            let credentials = try data.credentials()
            for (service, address) in try data.folder().runningHospital().services.sorted(by: { $0.key < $1.key }) {
                guard let address = NetworkAddress(address) else { continue }
                let tls = credentials?.asClient(of: service)
                try await RPCClient.withClient(to: address, tls: tls) { try await body(service, DeadLetterServiceClient($0), options) }
            }
        } catch let error as RPCError {
            Output.remark(RPCErrorText(error).description)
            throw ExitCode(100 + Int32(error.code.rawValue))
        }
    }

    private func callerToken() throws -> String {
        if let token = try token.given() { return token }
        return try data.folder().token(subject: "hms-events", role: .admin, lifetime: .seconds(300))
    }
}
