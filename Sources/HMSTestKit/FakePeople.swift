public import Contracts
public import RPC
import ServiceKit
import Synchronization
public import UnimplementedServices

/// The patient service as a test wants it.
public final class FakePatients: UnimplementedPatientService {
    private let state = Mutex((patients: [String: Patient](), failure: RPCError?.none))
    private let ids = IDMaker()

    public init() {}

    /// What every call fails with.
    public var failure: RPCError? {
        get { state.withLock { $0.failure } }
        set { state.withLock { $0.failure = newValue } }
    }

    /// Adds a patient, or puts another in the place of the one with this id. An empty id is replaced by a new one.
    @discardableResult
    public func keep(_ patient: Patient = Patient(name: "Asha Rao", status: .active, version: 1)) -> Patient {
        var patient = patient
        if patient.patientID.isEmpty { patient.patientID = ids.make(prefix: "pat") }
        state.withLock { $0.patients[patient.patientID] = patient }
        return patient
    }

    /// Nil where there is none of this id.
    public func find(_ patientID: String) -> Patient? {
        state.withLock { $0.patients[patientID] }
    }

    public func getPatient(_ request: GetPatientRequest, _ context: CallContext, _: NothingStored) throws -> GetPatientResponse {
        try state.withLock { state in
            if let failure = state.failure { throw failure }
            guard let patient = state.patients[request.patientID] else { throw RPCError(.notFound, "PATIENT_NOT_FOUND", "nobody") }
            return GetPatientResponse(patient: patient)
        }
    }
}

/// The doctor service as a test wants it.
public final class FakeDoctors: UnimplementedDoctorService {
    private struct State {
        var doctors: [String: DoctorAvailability] = [:]
        var failure: RPCError?
    }

    private let state = Mutex(State())
    private let ids = IDMaker()

    public init() {}

    /// What every call fails with.
    public var failure: RPCError? {
        get { state.withLock { $0.failure } }
        set { state.withLock { $0.failure = newValue } }
    }

    /// Adds a doctor who works the clinic's hours, or puts another in the place of the one with this id. An empty id is
    /// replaced by a new one.
    @discardableResult
    public func keep(_ doctor: Doctor = Doctor(name: "Nadia Iyer", department: "Cardiology", status: .active, version: 1)) -> Doctor {
        var doctor = doctor
        if doctor.doctorID.isEmpty { doctor.doctorID = ids.make(prefix: "doc") }
        state.withLock { state in
            state.doctors[doctor.doctorID, default: DoctorAvailability(workingHours: Self.clinicHours)].doctor = doctor
        }
        return doctor
    }

    public func setWorkingHours(of doctorID: String, _ hours: [WorkingHours]) {
        state.withLock { $0.doctors[doctorID]?.workingHours = hours }
    }

    public func setLeaves(of doctorID: String, _ leaves: [Leave]) {
        state.withLock { $0.doctors[doctorID]?.leaves = leaves }
    }

    public func getDoctor(_ request: GetDoctorRequest, _ context: CallContext, _: NothingStored) throws -> GetDoctorResponse {
        GetDoctorResponse(doctor: try availability(of: request.doctorID).doctor)
    }

    /// A department in pages of three, so that a test sees several.
    public func listAvailability(_ request: ListAvailabilityRequest, _ context: CallContext) async throws -> ListAvailabilityResponse {
        switch request.of {
        case .doctorID(let doctorID):
            return ListAvailabilityResponse(doctors: [try availability(of: doctorID)])
        case .department(let department):
            let members = try state.withLock { state in
                if let failure = state.failure { throw failure }
                return state.doctors.values
                    .filter { $0.doctor?.department.lowercased() == department.lowercased() && $0.doctor?.status == .active }
                    .filter { ($0.doctor?.doctorID ?? "") > request.afterDoctorID }
                    .sorted { ($0.doctor?.doctorID ?? "") < ($1.doctor?.doctorID ?? "") }
            }
            return ListAvailabilityResponse(doctors: Array(members.prefix(3)), hasMore: members.count > 3)
        case nil:
            throw RPCError.invalidArgument("nobody is named")
        }
    }

    private func availability(of doctorID: String) throws -> DoctorAvailability {
        try state.withLock { state in
            if let failure = state.failure { throw failure }
            guard let doctor = state.doctors[doctorID] else { throw RPCError(.notFound, "DOCTOR_NOT_FOUND", "nobody") }
            return doctor
        }
    }

    private static let clinicHours = (1...7).map { WorkingHours(weekday: Weekday(rawValue: $0), start: "09:00", end: "18:00") }
}
