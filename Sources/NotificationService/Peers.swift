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
        return try await unlessNotFound {
            try await appointments.getAppointment(GetAppointmentRequest(appointmentID: id), options).appointment
        }
    }

    /// Somebody who is to be told something, or of whom; nil where there is nobody of this id.
    func person(_ id: String, _ audience: Audience, correlationID: String) async throws -> Person? {
        let options = try await peers.asService(timeout: Self.patience, correlationID: correlationID)
        return try await unlessNotFound { try await person(id, audience, options) }
    }

    /// - Throws: `PATIENT_NOT_FOUND`, `DOCTOR_NOT_FOUND`, and `UNAVAILABLE` where the service to ask does not answer.
    func person(_ id: String, _ context: CallContext) async throws -> Person {
        let isDoctor = ParsedID(id)?.prefix == DoctorID.prefix
        do {
            let found = try await peers.ask(isDoctor ? "doctor" : "patient", for: context) { options in
                try await person(id, isDoctor ? .doctor : .patient, options)
            }
            if let found { return found }
        } catch let failure as PeerFailure where failure.error.code == .notFound {
            // Told below, in the words of this service.
        }
        throw isDoctor
            ? Rejection(.doctorNotFound, "There is no such doctor.") : Rejection(.patientNotFound, "There is no such patient.")
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

    private func unlessNotFound<Found>(_ question: () async throws -> Found?) async throws -> Found? {
        do {
            return try await question()
        } catch let error as RPCError where error.code == .notFound {
            return nil
        }
    }
}
