import Contracts
import RPC
import ServiceKit
import Synchronization
import UnimplementedServices
import Vocabulary

/// The appointments and patients that a test lets be there.
final class PlayedPeers: Sendable {
    struct Script {
        var appointments: [String: Appointment] = [:]
        var patients: [String: Patient] = [:]
        /// What is thrown instead of an answer, by service.
        var failures: [String: RPCError] = [:]
        var correlationIDs: Set<String> = []
    }

    private let script = Mutex(Script())

    var correlationIDs: Set<String> { script.withLock { $0.correlationIDs } }

    func play(_ change: (inout sending Script) -> Void) {
        script.withLock { change(&$0) }
    }

    fileprivate func answer<Found: Sendable>(
        _ service: String, _ code: RejectionCode, _ context: CallContext, _ find: (Script) -> Found?
    ) throws -> Found {
        try script.withLock { script in
            script.correlationIDs.insert(context.correlationID)
            if let failure = script.failures[service] { throw failure }
            guard let found = find(script) else { throw RPCError(Rejection(code, "There is none.")) }
            return found
        }
    }
}

struct PlayedAppointments: UnimplementedAppointmentService {
    let peers: PlayedPeers

    func getAppointment(_ request: GetAppointmentRequest, _ context: CallContext, _: NothingStored) throws -> GetAppointmentResponse {
        let appointment = try peers.answer("appointment", .appointmentNotFound, context) { $0.appointments[request.appointmentID] }
        return GetAppointmentResponse(appointment: appointment)
    }
}

struct PlayedPatients: UnimplementedPatientService {
    let peers: PlayedPeers

    func getPatient(_ request: GetPatientRequest, _ context: CallContext, _: NothingStored) throws -> GetPatientResponse {
        GetPatientResponse(patient: try peers.answer("patient", .patientNotFound, context) { $0.patients[request.patientID] })
    }
}
