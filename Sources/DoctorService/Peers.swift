import Contracts
import RPC
import ServiceKit
import Vocabulary

/// The active appointments of a doctor between two instants; without an end, all from the first.
struct AppointmentsOfDoctor: Sendable {
    let doctorID: String
    let from: Instant
    let to: Instant?
}

/// What the doctor service needs of the appointment service.
struct DoctorPeers: Sendable {
    private let peers: Peers
    private let appointments: AppointmentServiceClient

    init(_ peers: Peers) {
        self.peers = peers
        appointments = AppointmentServiceClient(peers.channel(to: "appointment"))
    }

    /// - Throws: `UNAVAILABLE` where the appointment service does not answer.
    func count(_ these: AppointmentsOfDoctor, _ context: CallContext) async throws -> Int {
        let request = CountActiveAppointmentsRequest(
            of: .doctorID(these.doctorID), from: ProtobufTimestamp(these.from), to: these.to.map { ProtobufTimestamp($0) })
        return try await peers.ask("appointment", for: context) { options in
            Int(try await appointments.countActiveAppointments(request, options).count)
        }
    }

    /// Cancels them as the clinic. Repeating it cancels what is left.
    ///
    /// - Throws: `UNAVAILABLE` where the appointment service does not answer; some may be cancelled then.
    func cancel(_ these: AppointmentsOfDoctor, because reason: String, _ context: CallContext) async throws {
        let request = CancelDoctorAppointmentsRequest(
            doctorID: these.doctorID, from: ProtobufTimestamp(these.from), to: these.to.map { ProtobufTimestamp($0) }, reason: reason)
        try await peers.ask("appointment", for: context, within: .seconds(8)) { options in
            _ = try await appointments.cancelDoctorAppointments(request, options)
        }
    }
}
