import AppointmentRules
public import Contracts
public import RPC
import ServiceKit
import Storage
import Vocabulary

extension AppointmentService {
    /// Takes back a check-in or a no-show, whichever was the last step. Of a check-in nobody was told, and nobody is told
    /// that it was none. Billing takes back what a no-show costs, by the event that commits with this step.
    ///
    /// The rule is asked twice, as for a move: first, so that nobody is asked about what can't be, and again where it counts.
    public func undoStep(_ request: UndoStepRequest, _ context: CallContext) async throws -> UndoStepResponse {
        let now = clock.now()
        let current = try await database.read { [calendar] reader in
            let stored = try reader.appointment(request.appointmentID)
            try reader.requireUndoable(stored, at: now, calendar)
            return stored.appointment
        }
        let people = current.status == .noShow ? try await peers.people(ofPatient: current.patientID, context) : nil
        return try await commit(context, on: database) { [self] transaction in
            let stored = try transaction.appointment(request.appointmentID)
            try transaction.requireUndoable(stored, at: now, calendar)
            let isNoShow = stored.appointment.status == .noShow
            if isNoShow { try transaction.requirePlace(of: stored, given: people, calendar) }
            let appointment = stored.appointment.scheduledAgain
            let told = isNoShow ? try transaction.publishPlaced(event(.reinstated, of: appointment, at: now, context)) : nil
            let step = Step(at: now, by: context.caller, reason: request.reason, eventSequence: told)
            try transaction.update(stored, to: appointment, on: stored.clinicDay, step)
            return UndoStepResponse(appointment: appointment)
        }
    }
}

extension Reader {
    fileprivate func requireUndoable(_ stored: StoredAppointment, at now: Instant, _ calendar: ClinicCalendar) throws {
        if let rejection = rejectionOfUndo(of: try lastStep(of: stored), at: now, calendar) { throw rejection }
    }

    /// - Parameter people: nil where the appointment was no no-show yet when they would have been asked for.
    fileprivate func requirePlace(of stored: StoredAppointment, given people: BookingPeople?, _ calendar: ClinicCalendar) throws {
        guard let people, let slot = stored.appointment.slot else {
            throw RPCError.unavailable("The appointment has changed meanwhile.", retryAfter: .seconds(1))
        }
        let place = WantedPlace(
            patientID: stored.appointment.patientID, doctorID: stored.appointment.doctorID, slot: slot, day: stored.clinicDay)
        let obstacles = try obstacles(in: place, moving: stored, calendar)
        let facts = people.facts(beside: obstacles.taken, calendar)
        if let rejection = rejectionOfReturning(of: facts.patient, given: facts.places) { throw rejection }
        try obstacles.requireNoHold()
        try people.age.requireFresh()
    }
}

extension Appointment {
    fileprivate var scheduledAgain: Appointment {
        var appointment = self
        appointment.status = .scheduled
        appointment.feePercent = nil
        appointment.version += 1
        return appointment
    }
}
