import Contracts
import NotificationRules
import RPC
import ServiceKit
import Vocabulary

/// What the notification service needs to know of other services.
struct NotificationPeers: Sendable {
    private let peers: Peers
    private let patients: PatientServiceClient
    private let doctors: DoctorServiceClient
    private let appointments: AppointmentServiceClient

    private static let patience: Duration = .seconds(5)

    init(_ peers: Peers) {
        self.peers = peers
        patients = PatientServiceClient(peers.channel(to: "patient"))
        doctors = DoctorServiceClient(peers.channel(to: "doctor"))
        appointments = AppointmentServiceClient(peers.channel(to: "appointment"))
    }

    /// What nobody asked for, in this service's own name.
    func appointment(_ id: String, correlationID: String) async throws -> Appointment? {
        let options = try await peers.asService(timeout: Self.patience, correlationID: correlationID)
        return try await unlessNotFound(.appointment) {
            try await appointments.getAppointment(GetAppointmentRequest(appointmentID: id), options).appointment
        }
    }

    /// Somebody who is to be told something, or of whom; nil where there is nobody of this id.
    func person(_ id: String, _ audience: Audience, correlationID: String) async throws -> Person? {
        let options = try await peers.asService(timeout: Self.patience, correlationID: correlationID)
        return try await unlessNotFound(audience.kind) { try await person(id, audience, options) }
    }

    /// - Throws: `PATIENT_NOT_FOUND`, `DOCTOR_NOT_FOUND`, and `UNAVAILABLE` where the service to ask does not answer.
    func person(_ id: String, _ context: CallContext) async throws -> Person {
        let audience: Audience = ParsedID.isValid(id, prefix: RecordKind.doctor.prefix) ? .doctor : .patient
        let found = try await unlessNotFound(audience.kind) {
            try await peers.ask(audience.kind.rawValue, for: context) { try await person(id, audience, $0) }
        }
        guard let found else { throw Rejection.notFound(audience.kind) }
        return found
    }

    private func person(_ id: String, _ audience: Audience, _ options: CallOptions) async throws -> Person? {
        switch audience {
        case .patient:
            try await patients.getPatient(GetPatientRequest(patientID: id), options).patient
                .map { Person(name: $0.name, email: $0.email, phone: $0.phone) }
        case .doctor:
            try await doctors.getDoctor(GetDoctorRequest(doctorID: id), options).doctor
                .map { Person(name: $0.name, email: $0.email, phone: $0.phone) }
        }
    }
}

extension Audience {
    /// Whose records they are, and the name of the service that keeps them.
    fileprivate var kind: RecordKind {
        switch self {
        case .patient: .patient
        case .doctor: .doctor
        }
    }
}
