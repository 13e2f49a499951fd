import ArgumentParser
import Contracts
import FieldChecks
import GRPC
import Logging
import NIOCore
import NIOPosix
import RPC
import ServiceKit

/// `hms-bench rpc-server`: answers GetPatient from memory, with everything on that a service has on.
struct RPCServerBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rpc-server",
        abstract: "Serves patients from memory, for `hms-bench rpc` to call, and for gRPC's clients by `peers.Patients/Get`.")

    @Option(help: "The port to listen on.") var port = 7900
    @Option(help: "How many event loops serve.") var threads = 1

    @Option(help: "Speaks over TLS, with certificates in this folder, which it makes.") var tls: String?

    @Option(help: "The level of the log, which goes to standard error.") var logLevel = Logger.Level.info

    func run() async throws {
        var options = RPCServerOptions()
        options.port = port
        options.observer = OutcomeCounter()
        options.portSharing = GRPCPort()
        let logger = Logger.hospital(service: "bench", level: logLevel)
        if let tls {
            let certificates = ServiceCertificates(dataFolder: tls, for: ["patient", "command"])
            try certificates.issue()
            options.tls = try TLSCredentials(TLSFiles(certificates.files(of: "patient")), for: .services, logger: logger).asServer
        }
        let folder = BenchFolder()
        let identity = IdentityConfiguration(dataFolder: folder.path)
        let tokens = BenchTokenService(signer: TokenSigner(key: try SigningKey.findOrMake(identity), identity))
        let interceptors = try await BenchInterceptors.all(identity, in: folder, logger: logger)
        let server = RPCServer(
            services: [BenchPatientService(), PeerPatientService(), tokens], interceptors: interceptors, options: options,
            eventLoopGroup: MultiThreadedEventLoopGroup(numberOfThreads: threads), logger: logger)
        let address = try await server.start()
        print("serving \(address), process \(ProcessUsage.processID)")
        try await server.run()
    }
}

extension Logger.Level: @retroactive ExpressibleByArgument {}

/// Hands out a token, as an identity provider would.
struct BenchTokenService: RPCService {
    static let issueToken = MethodDescriptor(name: "hms.bench.v1.TokenService/IssueToken", roles: .anyone)

    let signer: TokenSigner

    var methods: [MethodDescriptor] { [Self.issueToken] }

    func call(_ call: ServerCall) async throws -> ServerReply {
        let token = try signer.sign(subject: "reception-1", role: .reception, lifetime: .seconds(24 * 3_600))
        return ServerReply(payload: ByteBuffer(string: token))
    }
}

/// Reads and writes messages as a real service does; only the database is left out.
struct BenchPatientService: RPCService {
    private let patient = Patient(
        patientID: "pat_01jd4h6p0q8x5v2n7r9m3k1b6z", name: "Maria Magdalena Okonkwo-Lindqvist", email: "maria.okonkwo@example.org",
        phone: "+49 30 901820", dob: "1984-02-29", allergies: ["penicillin", "latex"], status: .active,
        createdAt: ProtobufTimestamp(seconds: 1_795_000_000, nanos: 0), version: 3)

    var methods: [MethodDescriptor] { [PatientServiceMethods.getPatient] }

    func call(_ call: ServerCall) async throws -> ServerReply {
        try await call.answer { (_: GetPatientRequest, _: CallContext) in GetPatientResponse(patient: patient) }
    }

    func answerAtOnce(_ call: ServerCall) throws -> ServerReply? {
        try call.answerAtOnce(reading: NothingStored()) { (_: GetPatientRequest, _: CallContext, _: NothingStored) in
            GetPatientResponse(patient: patient)
        }
    }
}
