import AppointmentRules
public import Contracts
public import RPC
import ServiceKit
import Storage
import Vocabulary

extension AppointmentService {
    /// Moves an appointment to another slot of the same doctor; the counters of both days move in the same transaction.
    ///
    /// What the appointment itself says, rules 1–4, is asked twice: first, so that nobody is asked about a move that can't
    /// be, and again in the transaction, where it counts.
    public func rescheduleAppointment(
        _ request: RescheduleAppointmentRequest, _ context: CallContext
    ) async throws -> RescheduleAppointmentResponse {
        let asked = try AskedSlot(start: request.slotStart, end: nil)
        let now = clock.now()
        let current = try await database.read { try $0.appointment(request.appointmentID) }
        let wanted = asked.request(in: current.appointment.department)
        if let rejection = rejectionOfRescheduling(try current.facts, to: wanted, at: now) { throw rejection }
        let people = try await peers.people(of: current.appointment.doctorID, in: asked.slot, context)
        return try await commit(context, on: database) { [self] transaction in
            let stored = try transaction.appointment(request.appointmentID)
            let place = WantedPlace(
                patientID: stored.appointment.patientID, doctorID: stored.appointment.doctorID, slot: asked.slot,
                day: calendar.day(of: asked.slot.start))
            let obstacles = try transaction.obstacles(in: place, moving: stored, calendar)
            let facts = people.facts(beside: obstacles.taken, calendar)
            let appointment = try moved(stored, to: place, asked, given: facts, at: now)
            try obstacles.requireNoHold()
            try people.age.requireFresh()
            let previous = stored.appointment.slot
            let told = try transaction.publishPlaced(event(.rescheduled, of: appointment, from: previous, at: now, context))
            counts.count(.rescheduled, of: appointment, in: transaction)
            let step = Step(at: now, by: context.caller, reason: request.reason, eventSequence: told)
            try transaction.update(stored, to: appointment, on: place.day, step)
            return RescheduleAppointmentResponse(appointment: appointment)
        }
    }

    /// The appointment in its new place, where no rule says no.
    private func moved(
        _ stored: StoredAppointment, to place: WantedPlace, _ asked: AskedSlot, given facts: BookingFacts, at now: Instant
    ) throws -> Appointment {
        let request = asked.request(in: stored.appointment.department)
        if let rejection = rejectionOfRescheduling(try stored.facts, to: request, given: facts, at: now) { throw rejection }
        var appointment = stored.appointment
        appointment.slotStart = ProtobufTimestamp(place.slot.start)
        appointment.slotEnd = ProtobufTimestamp(place.slot.end)
        appointment.rescheduleCount += 1
        appointment.version += 1
        return appointment
    }
}
