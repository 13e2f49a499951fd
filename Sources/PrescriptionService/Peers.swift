import Contracts
import PrescriptionRules
import RPC
import ServiceKit
import Vocabulary

/// What the prescription service needs to know of other services.
struct PrescriptionPeers: Sendable {
    private let peers: Peers
    private let appointments: AppointmentServiceClient
    private let patients: PatientServiceClient

    init(_ peers: Peers) {
        self.peers = peers
        appointments = AppointmentServiceClient(peers.channel(to: "appointment"))
        patients = PatientServiceClient(peers.channel(to: "patient"))
    }

    /// - Throws: `APPOINTMENT_NOT_FOUND`, and `UNAVAILABLE` where the appointment service does not answer.
    func appointment(_ appointmentID: String, _ context: CallContext) async throws -> Appointment {
        let found = try await unlessNotFound(.appointment) {
            try await peers.ask("appointment", for: context) { options in
                try await appointments.getAppointment(GetAppointmentRequest(appointmentID: appointmentID), options).appointment
            }
        }
        guard let found else { throw Rejection.notFound(.appointment) }
        return found
    }

    /// - Throws: `UNAVAILABLE` where the patient service does not answer. A prescription is never issued unchecked.
    func allergies(of patientID: String, _ context: CallContext) async throws -> [String] {
        try await peers.ask("patient", for: context) { options in
            try await patients.getPatient(GetPatientRequest(patientID: patientID), options).patient?.allergies ?? []
        }
    }

    /// What the rules of a prescription need to know of its appointment.
    func facts(of appointment: Appointment, _ context: CallContext) async throws -> PrescriptionFacts {
        PrescriptionFacts(
            isEligible: appointment.status == .checkedIn || appointment.status == .completed,
            patientID: appointment.patientID, doctorID: appointment.doctorID,
            allergies: try await allergies(of: appointment.patientID, context), isHistory: appointment.imported)
    }
}
