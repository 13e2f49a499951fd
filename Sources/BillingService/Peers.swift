import Contracts
import RPC
import ServiceKit
import Vocabulary

/// What the billing service needs of the appointment and the patient service.
struct BillingPeers: Sendable {
    private let peers: Peers
    private let appointments: AppointmentServiceClient
    private let patients: PatientServiceClient

    init(_ peers: Peers) {
        self.peers = peers
        appointments = AppointmentServiceClient(peers.channel(to: "appointment"))
        patients = PatientServiceClient(peers.channel(to: "patient"))
    }

    /// - Throws: `APPOINTMENT_NOT_FOUND`; `UNAVAILABLE` where the appointment service does not answer.
    func appointment(_ appointmentID: String, _ context: CallContext) async throws -> Appointment {
        do {
            let response = try await peers.ask("appointment", for: context) { options in
                try await appointments.getAppointment(GetAppointmentRequest(appointmentID: appointmentID), options)
            }
            return try response.appointment.orThrow(.notFound)
        } catch let failure as PeerFailure where failure.error.code == .notFound {
            throw Rejection.notFound
        }
    }

    /// Whether a patient was not deleted.
    ///
    /// - Throws: `UNAVAILABLE` where the patient service does not answer.
    func isActive(_ patientID: String, _ context: CallContext) async throws -> Bool {
        try await peers.ask("patient", for: context) { options in
            try await patients.getPatient(GetPatientRequest(patientID: patientID), options).patient?.status == .active
        }
    }
}

extension Rejection {
    fileprivate static let notFound = Rejection(.appointmentNotFound, "There is no such appointment.")
}

extension Optional {
    fileprivate func orThrow(_ rejection: Rejection) throws(Rejection) -> Wrapped {
        guard let self else { throw rejection }
        return self
    }
}
