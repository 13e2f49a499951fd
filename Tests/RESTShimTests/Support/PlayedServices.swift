import Contracts
import Logging
import NIOCore
import PublicRoutes
import RPC
import Routes
import ServiceKit
import Storage
import Synchronization
import UnimplementedServices

@testable import RESTShim

/// Services of the contracts that answer every call with the same record, in a host as every service has one: behind a
/// real socket, the real interceptors and a real database. Who calls is for them to find out, as it is in a hospital.
struct PlayedServices {
    let identity: TestIdentity
    let calls: RecordedCalls
    let channels: [String: any RPCChannel]

    /// One way to every service.
    static func channels(_ channel: any RPCChannel) -> [String: any RPCChannel] {
        Dictionary(uniqueKeysWithValues: Settings.services.map { ($0, channel) })
    }

    static func run(_ body: (PlayedServices) async throws -> Void) async throws {
        try await TestIdentity.use { identity in
            let calls = RecordedCalls()
            let services: [any RPCService] = [
                FakePatients(), FakeDoctors(), OneRecord(methods: AppointmentServiceMethods.all),
                OneRecord(methods: BillingServiceMethods.all), OneRecord(methods: PaymentServiceMethods.all),
                OneRecord(methods: PrescriptionServiceMethods.all), OneRecord(methods: NotificationServiceMethods.all),
            ]
            let definition = ServiceDefinition(name: "everything", schema: []) { _ in
                services.map { RecordedService(service: $0, calls: calls) }
            }
            let configuration = HospitalConfiguration(dataFolder: identity.folder)
            let host = try await ServiceHost.start(definition, configuration, options: HostOptions(logger: .quiet))
            var options = RPCClientOptions()
            options.connections = .onePerEventLoop
            let client = RPCClient(addresses: [host.address], options: options, logger: .quiet)
            try await body(PlayedServices(identity: identity, calls: calls, channels: channels(client)))
            await client.close()
            await host.stop()
        }
    }

    /// Runs a shim before the hospital.
    func withShim(
        routes: [Route] = Contracts.routes, logger: Logger = .quiet, configure: (inout RESTServerConfiguration) -> Void = { _ in },
        _ body: (Shim) async throws -> Void
    ) async throws {
        try await Shim.run(identity, routes: routes, channels: channels, logger: logger, configure: configure, body)
    }
}

/// A service that answers every call with one record, whose first field is an id: what all answers of the contracts can
/// be read as, but for a history, which is empty, and a count, which is 0. Requests are held to nothing.
struct OneRecord: RPCService {
    let methods: [MethodDescriptor]

    func call(_ call: ServerCall) async throws -> ServerReply {
        let hasNoRecord = ["History", "ReplayWebhook"].contains { call.context.method.name.hasSuffix($0) }
        if hasNoRecord { return ServerReply(payload: ByteBuffer()) }
        let id: [UInt8] = [0x0A, 3] + Array("x_1".utf8)
        return ServerReply(payload: ByteBuffer(bytes: [0x0A, UInt8(id.count)] + id))
    }
}

/// Remembers what was called, and with what beside the message.
final class RecordedCalls: Sendable {
    private let recorded = Mutex<[CallContext]>([])

    var last: CallContext? { recorded.withLock { $0.last } }
    var count: Int { recorded.withLock { $0.count } }

    func note(_ context: CallContext) {
        recorded.withLock { $0.append(context) }
    }
}

/// A service whose calls are remembered once they have come through to it.
struct RecordedService: RPCService {
    let service: any RPCService
    let calls: RecordedCalls

    var methods: [MethodDescriptor] { service.methods }

    func call(_ call: ServerCall) async throws -> ServerReply {
        calls.note(call.context)
        return try await service.call(call)
    }
}

struct FakePatients: PatientServiceProtocol {
    let database = NothingStored()
    private let patient = Patient(patientID: "pat_1", name: "Asha Rao", dob: "1987-04-12", status: .active, version: 3)

    func createPatient(_ request: CreatePatientRequest, _ context: CallContext) async throws -> CreatePatientResponse {
        CreatePatientResponse(patient: patient)
    }

    func getPatient(_ request: GetPatientRequest, _ context: CallContext, _: NothingStored) throws -> GetPatientResponse {
        GetPatientResponse(patient: patient)
    }

    func listPatients(_ request: ListPatientsRequest, _ context: CallContext) async throws -> ListPatientsResponse {
        ListPatientsResponse(patients: [patient])
    }

    func updatePatient(_ request: UpdatePatientRequest, _ context: CallContext) async throws -> UpdatePatientResponse {
        guard request.expectedVersion ?? patient.version == patient.version else {
            throw RPCError(.aborted, "VERSION_MISMATCH", "The patient has another version.")
        }
        return UpdatePatientResponse(patient: patient)
    }

    func deletePatient(_ request: DeletePatientRequest, _ context: CallContext) async throws -> DeletePatientResponse {
        DeletePatientResponse()
    }

    func forgetPatient(_ request: ForgetPatientRequest, _ context: CallContext) async throws -> ForgetPatientResponse {
        ForgetPatientResponse(patient: patient)
    }

    func importPatient(_ request: ImportPatientRequest, _ context: CallContext) async throws -> ImportPatientResponse {
        ImportPatientResponse(patient: patient)
    }

    func exportPatients(
        _ request: ExportPatientsRequest, _ context: CallContext, _ writer: MessageWriter<ExportPatientsResponse>
    ) async throws {
        try await writer.write(ExportPatientsResponse(patient: patient))
    }

    func importAllergy(_ request: ImportAllergyRequest, _ context: CallContext) async throws -> ImportAllergyResponse {
        ImportAllergyResponse(patient: patient)
    }
}

struct FakeDoctors: UnimplementedDoctorService {
    private let doctor = Doctor(doctorID: "doc_1", name: "Ravi Iyer", department: "Cardiology", version: 3)
    private let leave = Leave(leaveID: "lev_1", doctorID: "doc_1")

    func createDoctor(_ request: CreateDoctorRequest, _ context: CallContext) async throws -> CreateDoctorResponse {
        CreateDoctorResponse(doctor: doctor)
    }

    func getDoctor(_ request: GetDoctorRequest, _ context: CallContext, _: NothingStored) throws -> GetDoctorResponse {
        GetDoctorResponse(doctor: doctor)
    }

    func listDoctors(_ request: ListDoctorsRequest, _ context: CallContext) async throws -> ListDoctorsResponse {
        ListDoctorsResponse(doctors: [doctor])
    }

    func updateDoctor(_ request: UpdateDoctorRequest, _ context: CallContext) async throws -> UpdateDoctorResponse {
        UpdateDoctorResponse(doctor: doctor)
    }

    func deleteDoctor(_ request: DeleteDoctorRequest, _ context: CallContext) async throws -> DeleteDoctorResponse {
        DeleteDoctorResponse()
    }

    func importDoctor(_ request: ImportDoctorRequest, _ context: CallContext) async throws -> ImportDoctorResponse {
        ImportDoctorResponse(doctor: doctor)
    }

    func getDoctorDepartment(
        _ request: GetDoctorDepartmentRequest, _ context: CallContext, _: NothingStored
    ) throws -> GetDoctorDepartmentResponse {
        GetDoctorDepartmentResponse()
    }

    func setDoctorSchedule(_ request: SetDoctorScheduleRequest, _ context: CallContext) async throws -> SetDoctorScheduleResponse {
        SetDoctorScheduleResponse(schedule: DoctorSchedule())
    }

    func getDoctorSchedule(_ request: GetDoctorScheduleRequest, _ context: CallContext) async throws -> GetDoctorScheduleResponse {
        GetDoctorScheduleResponse(schedule: DoctorSchedule())
    }

    func createLeave(_ request: CreateLeaveRequest, _ context: CallContext) async throws -> CreateLeaveResponse {
        CreateLeaveResponse(leave: leave)
    }

    func listLeaves(_ request: ListLeavesRequest, _ context: CallContext) async throws -> ListLeavesResponse {
        ListLeavesResponse(leaves: [leave])
    }

    func deleteLeave(_ request: DeleteLeaveRequest, _ context: CallContext) async throws -> DeleteLeaveResponse {
        DeleteLeaveResponse()
    }
}
