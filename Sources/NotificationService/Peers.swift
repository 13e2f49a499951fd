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

    /// Whom an announcement is for; nil where there is nobody of this id.
    func recipient(of announcement: Announcement) async throws -> Person? {
        let options = try await peers.asService(timeout: Self.patience, correlationID: announcement.correlationID)
        return try await unlessNotFound { try await person(announcement.recipientID, announcement.audience, options) }
    }

    /// Whom and where a text is about. What nobody knows any more is left out.
    func whereabouts(of announcement: Announcement, in clinic: String) async throws -> Whereabouts {
        let options = try await peers.asService(timeout: Self.patience, correlationID: announcement.correlationID)
        let visit = try await completed(announcement.visit, options)
        return Whereabouts(doctor: try await name(ofDoctor: visit.doctorID, options), department: visit.department, clinic: clinic)
    }

    private func name(ofDoctor doctorID: String?, _ options: CallOptions) async throws -> String? {
        guard let doctorID else { return nil }
        return try await unlessNotFound { try await doctors.getDoctor(GetDoctorRequest(doctorID: doctorID), options).doctor?.name }
    }

    /// Asks the appointment for what an event does not say.
    private func completed(_ visit: Visit, _ options: CallOptions) async throws -> Visit {
        guard let appointmentID = visit.appointmentID, visit.doctorID == nil || visit.department == nil else { return visit }
        let request = GetAppointmentRequest(appointmentID: appointmentID)
        let appointment = try await unlessNotFound { try await appointments.getAppointment(request, options).appointment }
        return Visit(
            appointmentID: appointmentID, doctorID: visit.doctorID ?? appointment?.doctorID,
            department: visit.department ?? appointment?.department)
    }

    /// When the appointment is now; nil where it is not SCHEDULED.
    func scheduledStart(ofAppointment appointmentID: String, correlationID: String) async throws -> Instant? {
        let options = try await peers.asService(timeout: Self.patience, correlationID: correlationID)
        let request = GetAppointmentRequest(appointmentID: appointmentID)
        let appointment = try await unlessNotFound { try await appointments.getAppointment(request, options).appointment }
        return appointment?.status == .scheduled ? appointment?.slotStart?.instant : nil
    }

    /// - Throws: `PATIENT_NOT_FOUND`, `DOCTOR_NOT_FOUND`, and `UNAVAILABLE` where the service to ask does not answer.
    func person(_ id: String, _ context: CallContext) async throws -> Person {
        let isDoctor = ParsedID(id)?.prefix == DoctorID.prefix
        do {
            let found = try await peers.ask(isDoctor ? "doctor" : "patient", for: context) { options in
                try await person(id, isDoctor ? .doctor : .patient, options)
            }
            if let found { return found }
        } catch let failure as PeerFailure where failure.error.code == .notFound {}
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
