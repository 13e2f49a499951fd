import ArgumentParser
import AsyncHTTPClient
import Contracts
import Foundation
import HospitalClient
import RPC
import ServiceKit

/// `hms health`
struct Health: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Asks a part of the hospital on this machine whether it can work: for the health check of a container.",
        discussion: """
            It reads the same settings as “hms serve” does, so that in a container it needs none of its own. The status is 0 where \
            the part can work, and 1 where it can't or says nothing; what it said goes to standard output. With --live it is enough \
            that the part answers: that decides about a restart, the other about who is sent there.

            EXAMPLES
              HMS_RPC_LISTEN=0.0.0.0:7000 hms health patient
              hms health rest --live
            """)

    @Argument(help: "A service, or rest; what HMS_PART names where not given.")
    var part = ProcessInfo.processInfo.environment[Settings.partVariable] ?? "rest"

    @Flag(help: "Asks only whether it answers, not whether it can work.")
    var live = false

    @OptionGroup var data: DataOption

    private static let patience: Duration = .seconds(3)

    func validate() throws {
        guard part == "rest" || HospitalServices.named(part) != nil else {
            throw ValidationError("There is no part “\(part)”; there are \((HospitalServices.names + ["rest"]).joined(separator: ", ")).")
        }
    }

    func run() async throws {
        let isWell: Bool
        do {
            let configuration = try data.configuration()
            isWell = try await part == "rest" ? shim(configuration) : service(configuration)
        } catch {
            Output.print("\(part): \(error)")
            throw ExitCode(1)
        }
        guard isWell else { throw ExitCode(1) }
    }

    private func service(_ configuration: HospitalConfiguration) async throws -> Bool {
        let tls = try data.credentials()?.asClient(of: part)
        let options = CallOptions(timeout: Self.patience, retry: false)
        let status = try await RPCClient.withClient(to: configuration.rpcListen.ofThisMachine, tls: tls) {
            try await HealthServiceClient($0).check(CheckRequest(), options).status
        }
        Output.print("\(part): \(status)")
        return live || status == .serving
    }

    private func shim(_ configuration: HospitalConfiguration) async throws -> Bool {
        let scheme = configuration.http.tls == nil ? "http" : "https"
        let url = try HospitalURL("\(scheme)://\(configuration.httpListen.ofThisMachine)")
        let reply = try await HTTPClient.withHospitalClient(for: url, connectTimeout: Self.patience) { http in
            try await HospitalClient(url: url, token: nil, http: http)
                .send(APIRequest(.get, live ? "/livez" : "/readyz"), timeout: Self.patience)
        }
        Output.print("\(part): \(reply.status)")
        return reply.status == 200
    }
}

extension NetworkAddress {
    /// Whoever listens on every address of a machine is asked on the loopback one.
    fileprivate var ofThisMachine: NetworkAddress {
        switch host {
        case "0.0.0.0": NetworkAddress(host: "127.0.0.1", port: port)
        case "::": NetworkAddress(host: "::1", port: port)
        default: self
        }
    }
}
