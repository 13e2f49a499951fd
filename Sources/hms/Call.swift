import ArgumentParser
import Foundation
import HospitalClient
import PlainText
import RPC
import Reflection
import ServiceKit
import Supervision

/// `hms call`
struct Call: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Calls a method of a service over RPC, by what the service says of itself.",
        discussion: """
            The service describes its methods and messages (reflection), so no contract has to be at hand. Requests and answers \
            are JSON with the names of the contract; “-” reads the request from standard input. The answer goes to standard \
            output; of a method that is answered by a stream, each message as it comes, one a line. An error goes to standard error with its code and every field at fault.

            The status is 0 for an answer, 64 for a command that makes no sense, 65 for a request that does not fit the contract, \
            and 100 plus the number of the RPC status code for what the service refused: 105 is not found.

            EXAMPLES
              hms call --list
              hms call --describe hms.patient.v1.PatientService/CreatePatient
              hms call hms.patient.v1.PatientService/CreatePatient '{"name": "Ada Byron", "dob": "1990-12-10"}'
              hms call hms.patient.v1.PatientService/ListPatients '{"query": "ada", "page_size": 5}'
              hms call hms.payment.v1.PaymentService/CreatePayment '{"bill_id": "bil_…", "amount": 84000, "method": "CASH"}' \
            -H 'Idempotency-Key: desk-1-0042'
              HMS_TOKEN=… hms call --address 10.0.0.7:7000 hms.rpc.v1.HealthService/Check
            """)

    @Argument(help: ArgumentHelp("What to call.", valueName: "pkg.Service/Method"))
    var method: String?

    @Argument(help: ArgumentHelp("The request.", valueName: "json"))
    var request = "{}"

    @Flag(help: "Lists the methods of the service at --address, or of every service of the hospital.")
    var list = false

    @Flag(help: "Shows the method's request and response instead of calling it.")
    var describe = false

    @OptionGroup var data: DataOption

    @Option(help: ArgumentHelp("The service's RPC address, instead of the one of the data folder.", valueName: "host:port"))
    var address: String?

    @OptionGroup var token: TokenOption

    @Option(
        name: [.customShort("H"), .long],
        help: ArgumentHelp("What goes beside the request, as often as there is something.", valueName: "name: value"))
    var header: [String] = []

    @Option(help: ArgumentHelp("How long to wait for the answer (default: 10s, for the end of a stream 1h).", valueName: "time"))
    var timeout: String?

    func validate() throws {
        guard method != nil || list else { throw ValidationError("Name a method as pkg.Service/Method, or ask with --list.") }
        if let method, MethodName(method) == nil { throw ValidationError("“\(method)” is no method: write pkg.Service/Method.") }
        if let address, NetworkAddress(address) == nil { throw ValidationError("--address must be HOST:PORT.") }
        do { _ = try CallHeaders(header) } catch { throw ValidationError("-H: \(error)") }
        guard timeout.map({ TimeToLive($0) != nil }) ?? true else { throw ValidationError("--timeout must be a number and s, m or h.") }
    }

    func run() async throws {
        do {
            if list {
                for (service, address) in try servicesToList() { try await list(service, at: address) }
            } else if let name = method.flatMap(MethodName.init) {
                try await withService(name.hospitalService, at: address(of: name)) { try await answer(name, $0) }
            }
        } catch let error as RPCError {
            Output.remark(RPCErrorText(error).description)
            throw ExitCode(100 + Int32(error.code.rawValue))
        } catch let error as DynamicCodingError {
            Output.remark("Error: the request does not fit: \(error)")
            throw ExitCode(65)
        } catch let error as JSONSyntaxError {
            Output.remark("Error: the request is \(error)")
            throw ExitCode(65)
        }
    }

    private func list(_ service: String?, at address: NetworkAddress) async throws {
        try await withService(service, at: address) { call in
            for method in try await call.describe().methods { try Output.deliver(method) }
        }
    }

    private func answer(_ name: MethodName, _ call: ReflectedCall) async throws {
        let catalog = try await call.describe().catalog
        guard let shape = catalog.methods[name.description] else {
            throw ValidationError("The service does not serve \(name); “hms call --list” says what it serves.")
        }
        if describe { return try Output.deliver(catalog.describe(shape)) }
        let request = try JSONValue(parsing: try requestText())
        if shape.isStreamed { return try await call.stream(shape, in: catalog, request: request) { try Output.deliver($0.compact) } }
        try Output.deliver(await call.call(shape, in: catalog, request: request).pretty)
    }

    private func requestText() throws -> String {
        guard request == "-" else { return request }
        return String(decoding: try FileHandle.standardInput.readToEnd() ?? Data(), as: UTF8.self)
    }

    /// - Parameter service: nil where nobody says which one is there; TLS wants to know.
    private func withService(
        _ service: String?, at address: NetworkAddress, _ body: (ReflectedCall) async throws -> Void
    ) async throws {
        var options = CallOptions(timeout: timeout.flatMap(TimeToLive.init)?.duration, metadata: try CallHeaders(header).metadata)
        options.metadata[MetadataName.authorization] = BearerToken.field(try callerToken())
        try await RPCClient.withClient(to: address, tls: tls(of: service), options: options, body)
    }

    private func callerToken() throws -> String {
        if let token = try token.given() { return token }
        return try data.folder().token(subject: "hms-command", role: .admin, lifetime: .seconds(300))
    }
}

/// Where to call.
extension Call {
    private func servicesToList() throws -> [(service: String?, address: NetworkAddress)] {
        if let address { return [address].compactMap(NetworkAddress.init).map { (nil, $0) } }
        return try data.folder().runningHospital().services.sorted { $0.key < $1.key }.compactMap { service, address in
            NetworkAddress(address).map { (service, $0) }
        }
    }

    private func tls(of service: String?) throws -> ClientTLS? {
        guard let credentials = try data.credentials() else { return nil }
        guard let service else {
            throw ValidationError("Over TLS a service is known by its name: name a method of it, or leave --address out.")
        }
        return credentials.asClient(of: service)
    }

    private func address(of name: MethodName) throws -> NetworkAddress {
        if let address = address.flatMap(NetworkAddress.init) { return address }
        let services = try data.folder().runningHospital().services
        guard let service = name.hospitalService, let address = services[service].flatMap(NetworkAddress.init) else {
            let known = services.keys.sorted().joined(separator: ", ")
            throw ValidationError("The hospital runs no service for \(name); it runs \(known). Name one with --address.")
        }
        return address
    }
}
