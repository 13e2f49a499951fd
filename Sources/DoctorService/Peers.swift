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

    /// Counts them and, where there are none, lets none be made for a while.
    ///
    /// - Throws: `UNAVAILABLE` where the appointment service does not answer.
    func hold(_ these: AppointmentsOfDoctor, _ context: CallContext) async throws -> (active: Int, hold: BookingHold) {
        let hold = BookingHold()
        let request = HoldBookingsRequest(
            of: .doctorID(these.doctorID), from: ProtobufTimestamp(these.from), to: these.to.map { ProtobufTimestamp($0) })
        let active = try await peers.ask("appointment", for: context) { options in
            Int(try await appointments.holdBookings(request, options).active)
        }
        return (active, hold)
    }

    /// Cancels them as the clinic, and lets none be made for a while. Repeating it cancels what is left.
    ///
    /// - Throws: `UNAVAILABLE` where the appointment service does not answer; some may be cancelled then.
    func cancel(_ these: AppointmentsOfDoctor, because reason: String, _ context: CallContext) async throws -> BookingHold {
        let hold = BookingHold()
        let request = CancelDoctorAppointmentsRequest(
            doctorID: these.doctorID, from: ProtobufTimestamp(these.from), to: these.to.map { ProtobufTimestamp($0) }, reason: reason)
        try await peers.ask("appointment", for: context, within: .seconds(8)) { options in
            _ = try await appointments.cancelDoctorAppointments(request, options)
        }
        return hold
    }
}
