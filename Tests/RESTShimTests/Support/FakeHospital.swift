import Contracts
import NIOCore
import NIOPosix
import RPC
import ServiceKit
import Synchronization

/// Services of the contracts that answer every call with the same record, behind a real RPC server.
struct FakeHospital {
    let calls: RecordedCalls
    let channels: [String: any RPCChannel]

    /// One way to every service.
    static func channels(_ channel: any RPCChannel) -> [String: any RPCChannel] {
        Dictionary(uniqueKeysWithValues: Settings.services.map { ($0, channel) })
    }

    static func run(_ body: (FakeHospital) async throws -> Void) async throws {
        let calls = RecordedCalls()
        let server = RPCServer(
            services: [
                FakePatients(), FakeDoctors(), FakeHealth(), OneRecord(methods: AppointmentServiceMethods.all),
                OneRecord(methods: BillingServiceMethods.all), OneRecord(methods: PaymentServiceMethods.all),
                OneRecord(methods: PrescriptionServiceMethods.all), OneRecord(methods: NotificationServiceMethods.all),
            ],
            interceptors: [calls, TrustedCaller()], options: RPCServerOptions(),
            eventLoopGroup: .singletonMultiThreadedEventLoopGroup, logger: .quiet)
        let address = try await server.start()
        let client = RPCClient(addresses: [address], logger: .quiet)
        try await body(FakeHospital(calls: calls, channels: channels(client)))
        await client.close()
        await server.shutdownGracefully(grace: .zero)
    }
}

/// A service that answers every call with one record, whose first field is an id: what all answers of the contracts can
/// be read as, but for a history, which is empty. Requests are held to nothing.
struct OneRecord: RPCService {
    let methods: [MethodDescriptor]

    func call(_ call: ServerCall) async throws -> ServerReply {
        if call.context.method.name.hasSuffix("History") { return ServerReply(payload: ByteBuffer()) }
        let id: [UInt8] = [0x0A, 3] + Array("x_1".utf8)
        return ServerReply(payload: ByteBuffer(bytes: [0x0A, UInt8(id.count)] + id))
    }
}

/// Remembers what was called, and with what beside the message.
final class RecordedCalls: ServerInterceptor {
    private let recorded = Mutex<[CallContext]>([])

    var last: CallContext? { recorded.withLock { $0.last } }
    var count: Int { recorded.withLock { $0.count } }

    func intercept(_ call: ServerCall, next: (ServerCall) async throws -> ServerReply) async throws -> ServerReply {
        recorded.withLock { $0.append(call.context) }
        return try await next(call)
    }
}

/// Takes the shim's word for who calls: whether a service believes it is the service's own test.
struct TrustedCaller: ServerInterceptor {
    func intercept(_ call: ServerCall, next: (ServerCall) async throws -> ServerReply) async throws -> ServerReply {
        var call = call
        call.context.principal = Principal(subject: "usr_1", role: .admin)
        return try await next(call)
    }
}

struct FakeHealth: HealthServiceProtocol {
    func check(_ request: CheckRequest, _ context: CallContext) async throws -> CheckResponse {
        CheckResponse(status: .serving, service: "fake")
    }
}

struct FakePatients: PatientServiceProtocol {
    private let patient = Patient(patientID: "pat_1", name: "Asha Rao", dob: "1987-04-12", status: .active, version: 3)

    func createPatient(_ request: CreatePatientRequest, _ context: CallContext) async throws -> CreatePatientResponse {
        CreatePatientResponse(patient: patient)
    }

    func getPatient(_ request: GetPatientRequest, _ context: CallContext) async throws -> GetPatientResponse {
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
}

struct FakeDoctors: UnimplementedDoctorService {
    private let doctor = Doctor(doctorID: "doc_1", name: "Ravi Iyer", department: "Cardiology", version: 3)
    private let leave = Leave(leaveID: "lev_1", doctorID: "doc_1")

    func createDoctor(_ request: CreateDoctorRequest, _ context: CallContext) async throws -> CreateDoctorResponse {
        CreateDoctorResponse(doctor: doctor)
    }

    func getDoctor(_ request: GetDoctorRequest, _ context: CallContext) async throws -> GetDoctorResponse {
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

    func getDoctorDepartment(_ request: GetDoctorDepartmentRequest, _ context: CallContext) async throws -> GetDoctorDepartmentResponse {
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
