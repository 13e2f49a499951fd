import Contracts
import Logging
import NIOCore
import NIOPosix
import RPC
import Testing
import UnimplementedServices

/// A request is packed where it leaves from, or keeps until it can leave.
@Suite(.timeLimit(.minutes(1))) struct PackedRequestTests {
    private struct Desk: UnimplementedPatientService {
        func getPatient(_ request: GetPatientRequest, _ context: CallContext, _: NothingStored) throws -> GetPatientResponse {
            GetPatientResponse(patient: Patient(patientID: request.patientID, name: context.metadata["x-correlation-id"] ?? ""))
        }
    }

    @Test func `requests arrive whole, on their way at once, after waiting for a connection, and from another thread`() async throws {
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let server = RPCServer(services: [Desk()], logger: logger)
        let address = try await server.start()
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let client = RPCClient(host: address.host, port: address.port, eventLoopGroup: loop, logger: logger)
        let patients = PatientServiceClient(client)
        let elsewhere = try await ids(from: patients)
        let onLoop = Task(executorPreference: EventLoopExecutor.of(loop)) { try await ids(from: patients) }
        #expect(elsewhere == Self.ids)
        #expect(try await onLoop.value == Self.ids)
        await client.close()
        await server.shutdownGracefully(grace: .zero)
    }

    private static let ids = (1...50).map { "pat_\($0) c-\($0)" }

    private func ids(from patients: PatientServiceClient) async throws -> [String] {
        try await withThrowingTaskGroup(of: (Int, String).self) { group in
            for number in 1...50 {
                group.addTask {
                    let options = CallOptions(metadata: ["x-correlation-id": "c-\(number)"])
                    let reply = try await patients.getPatient(GetPatientRequest(patientID: "pat_\(number)"), options)
                    return (number, "\(reply.patient?.patientID ?? "") \(reply.patient?.name ?? "")")
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }.sorted { $0.0 < $1.0 }.map(\.1)
        }
    }
}
