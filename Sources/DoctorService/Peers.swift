import Contracts
import DoctorRules
import RPC
import ServiceKit
import Vocabulary

/// The active appointments of a doctor between two instants; without an end, all from the first.
struct AppointmentsOfDoctor: Sendable {
    let doctorID: String
    let from: Instant
    let to: Instant?
    /// Where given, only those that lie at least partly outside these hours.
    let hours: Schedule?

    init(doctorID: String, from: Instant, to: Instant) {
        self.doctorID = doctorID
        self.from = from
        self.to = to
        hours = nil
    }

    /// Those that have not begun. What starts after now ends more than a slot's length after it.
    init(startingAfter now: Instant, of doctorID: String, outside hours: Schedule? = nil) {
        self.doctorID = doctorID
        from = now + Slot.length
        to = nil
        self.hours = hours
    }

    fileprivate var outsideHours: HoursOfWeek? {
        hours.map { HoursOfWeek(workingHours: $0.workingHours.map { WorkingHoursMessage($0) }) }
    }
}

/// What the doctor service needs of the appointment service.
struct DoctorPeers: Sendable {
    private let peers: Peers
    private let appointments: AppointmentServiceClient

    init(_ peers: Peers) {
        self.peers = peers
        appointments = AppointmentServiceClient(peers.channel(to: "appointment"))
    }

    /// Counts them and, where there are none or they are to stay, lets none be made for a while.
    ///
    /// - Throws: `UNAVAILABLE` where the appointment service does not answer.
    func hold(
        _ these: AppointmentsOfDoctor, despiteActive: Bool = false, _ context: CallContext
    ) async throws -> (active: StandingAppointments, hold: BookingHold) {
        let hold = BookingHold()
        let request = HoldBookingsRequest(
            of: .doctorID(these.doctorID), from: ProtobufTimestamp(these.from), to: these.to.map { ProtobufTimestamp($0) },
            outsideHours: these.outsideHours, despiteActive: despiteActive)
        let held = try await peers.ask("appointment", for: context) { options in
            try await appointments.holdBookings(request, options)
        }
        return (StandingAppointments(count: Int(held.active), named: held.appointmentIds), hold)
    }

    /// Cancels them as the clinic, and lets none be made for a while. Repeating it cancels what is left.
    ///
    /// - Throws: `UNAVAILABLE` where the appointment service does not answer; some may be cancelled then.
    func cancel(_ these: AppointmentsOfDoctor, because reason: String, _ context: CallContext) async throws -> BookingHold {
        let hold = BookingHold()
        let request = CancelDoctorAppointmentsRequest(
            doctorID: these.doctorID, from: ProtobufTimestamp(these.from), to: these.to.map { ProtobufTimestamp($0) }, reason: reason,
            outsideHours: these.outsideHours)
        try await peers.ask("appointment", for: context, within: .seconds(8)) { options in
            _ = try await appointments.cancelDoctorAppointments(request, options)
        }
        return hold
    }
}
