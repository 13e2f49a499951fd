import ArgumentParser
import Contracts
import Logging
import NIOCore
import NIOPosix
import ProtobufC
import RPC

/// `hms-bench rpc-server`: answers GetPatient from memory, with everything on that a service has on.
struct RPCServerBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rpc-server", abstract: "Serves patients from memory, for `hms-bench rpc` to call.")

    @Option(help: "The port to listen on.") var port = 7900
    @Option(help: "How many event loops serve.") var threads = 1

    func run() async throws {
        var options = RPCServerOptions()
        options.port = port
        options.observer = OutcomeCounter()
        let server = RPCServer(
            services: [BenchPatientService()], interceptors: [RoleCheck()], options: options,
            eventLoopGroup: MultiThreadedEventLoopGroup(numberOfThreads: threads), logger: Logger(label: "hms-bench"))
        let address = try await server.start()
        print("serving \(address), process \(ProcessUsage.processID)")
        try await server.run()
    }
}

/// Does what a role check does once the token is known: looks it up, compares bits, names the caller.
struct RoleCheck: ServerInterceptor {
    func intercept(_ call: ServerCall, next: (ServerCall) async throws -> ServerReply) async throws -> ServerReply {
        guard call.context.metadata.contains("authorization") else {
            throw RPCError(.unauthenticated, "UNAUTHENTICATED", "no token")
        }
        let principal = Principal(subject: "reception-1", role: .reception)
        guard !call.context.method.roles.isDisjoint(with: principal.role) else {
            throw RPCError(.permissionDenied, "PERMISSION_DENIED", "another role may do this")
        }
        var call = call
        call.context.principal = principal
        return try await next(call)
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
}
