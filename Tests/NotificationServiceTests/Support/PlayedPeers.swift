import Contracts
import HMSTestKit
import RPC
import ServiceKit
import Synchronization
import UnimplementedServices
import Vocabulary

/// The people and appointments that a test lets be there.
final class PlayedPeers: Sendable {
    struct Script {
        var patients: [String: Patient] = [:]
        var doctors: [String: Doctor] = [:]
        var appointments: [String: Appointment] = [:]
        /// What is thrown instead of an answer, by service.
        var failures: [String: RPCError] = [:]
        var correlationIDs: Set<String> = []
        /// Which services were asked, in order.
        var asked: [String] = []
    }

    private let script = Mutex(Script())

    var correlationIDs: Set<String> { script.withLock { $0.correlationIDs } }
    var asked: [String] { script.withLock { $0.asked } }

    func play(_ change: (inout sending Script) -> Void) {
        script.withLock { change(&$0) }
    }

    fileprivate func answer<Found: Sendable>(
        _ service: String, _ code: RejectionCode, _ context: CallContext, _ find: (Script) -> Found?
    ) throws -> Found {
        try script.withLock { script in
            script.correlationIDs.insert(context.correlationID)
            script.asked.append(service)
            if let failure = script.failures[service] { throw failure }
            guard let found = find(script) else { throw RPCError(Rejection(code, "There is none.")) }
            return found
        }
    }
}

extension PlayedPeers {
    var channels: [String: any RPCChannel] {
        [
            "patient": InProcessChannel(services: [PlayedPatients(peers: self)]),
            "doctor": InProcessChannel(services: [PlayedDoctors(peers: self)]),
            "appointment": InProcessChannel(services: [PlayedAppointments(peers: self)]),
        ]
    }
}

private struct PlayedPatients: UnimplementedPatientService {
    let peers: PlayedPeers

    func getPatient(_ request: GetPatientRequest, _ context: CallContext, _: NothingStored) throws -> GetPatientResponse {
        GetPatientResponse(patient: try peers.answer("patient", .patientNotFound, context) { $0.patients[request.patientID] })
    }
}

private struct PlayedDoctors: UnimplementedDoctorService {
    let peers: PlayedPeers

    func getDoctor(_ request: GetDoctorRequest, _ context: CallContext, _: NothingStored) throws -> GetDoctorResponse {
        GetDoctorResponse(doctor: try peers.answer("doctor", .doctorNotFound, context) { $0.doctors[request.doctorID] })
    }
}

private struct PlayedAppointments: UnimplementedAppointmentService {
    let peers: PlayedPeers

    func getAppointment(_ request: GetAppointmentRequest, _ context: CallContext, _: NothingStored) throws -> GetAppointmentResponse {
        let appointment = try peers.answer("appointment", .appointmentNotFound, context) { $0.appointments[request.appointmentID] }
        return GetAppointmentResponse(appointment: appointment)
    }
}
