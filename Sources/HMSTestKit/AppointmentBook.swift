public import Contracts
public import RPC
import ServiceKit
import Synchronization
public import UnimplementedServices
import Vocabulary

/// An appointment service that knows the appointments that a test has entered, and answers nothing but what they are; and
/// a patient service that knows their patients.
public final class AppointmentBook: UnimplementedAppointmentService {
    private struct State {
        var appointments: [String: Appointment] = [:]
        var failure: RPCError?
    }

    private let state = Mutex(State())
    private let ids = IDMaker()
    /// Whoever an appointment was entered of is ACTIVE, until a test says otherwise.
    public let patients = FakePatients()

    public init() {}

    /// What every call fails with.
    public var failure: RPCError? {
        get { state.withLock { $0.failure } }
        set { state.withLock { $0.failure = newValue } }
    }

    /// Enters an appointment of a new patient with a new doctor.
    public func enter(_ status: AppointmentStatus = .scheduled, fee: Int64 = 50_000, department: String = "Cardiology") -> Appointment {
        let appointment = Appointment(
            appointmentID: ids.make(.appointment), patientID: ids.make(.patient),
            doctorID: ids.make(.doctor), department: department, status: status, consultationFee: fee, version: 1)
        enter(appointment)
        return appointment
    }

    /// Enters an appointment, or what has become of it.
    public func enter(_ appointment: Appointment) {
        state.withLock { $0.appointments[appointment.appointmentID] = appointment }
        if patients.find(appointment.patientID) == nil {
            patients.keep(Patient(patientID: appointment.patientID, name: "Asha Rao", status: .active, version: 1))
        }
    }

    public func getAppointment(_ request: GetAppointmentRequest, _ context: CallContext, _: NothingStored) throws -> GetAppointmentResponse
    {
        try state.withLock { state in
            if let failure = state.failure { throw failure }
            guard let appointment = state.appointments[request.appointmentID] else {
                throw RPCError(Rejection.notFound(.appointment))
            }
            return GetAppointmentResponse(appointment: appointment)
        }
    }
}
