import AppointmentRules
public import Contracts
public import RPC
import ServiceKit
import Storage
import Vocabulary

extension AppointmentService {
    /// Takes over an appointment from another system, or answers the one that is there already. Nobody is told of it, and
    /// what has ended is billed where it comes from.
    ///
    /// - Throws: every rule that it breaks, under the code of the first.
    public func importAppointment(_ request: ImportAppointmentRequest, _ context: CallContext) async throws -> ImportAppointmentResponse {
        let asked = try AskedSlot(start: request.slotStart, end: request.slotEnd)
        let state = try request.state()
        let facts = try await peers.facts(of: request.patientID, with: request.doctorID, in: asked.ofUsualLength, context)
        let place = WantedPlace(
            patientID: request.patientID, doctorID: request.doctorID, slot: asked.slot, day: calendar.day(of: asked.slot.start))
        let now = clock.now()
        let appointment = imported(request, in: place, as: state, given: facts, at: now)
        return try await commit(context, on: database) { [self] transaction in
            if asked.isExact, let present = try transaction.appointment(in: place, isCancelled: state == .cancelled) {
                return ImportAppointmentResponse(appointment: present.appointment, alreadyThere: true)
            }
            let places = try transaction.takenPlaces(beside: place, by: .notCancelled)
            let booking = asked.request(in: request.department.isEmpty ? appointment.department : request.department)
            let broken = rejectionsOfImport(of: booking, as: state, given: facts.booking(places, calendar), at: now)
            if let rejection = Rejection(all: broken) { throw rejection }
            if state.isActive { try transaction.requireNoHold(on: place) }
            try facts.age.requireFresh()
            try transaction.insert(
                appointment, on: place.day, isHistory: state.isFinal, Step(at: now, by: context.caller, reason: "Imported"))
            return ImportAppointmentResponse(appointment: appointment)
        }
    }

    private func imported(
        _ request: ImportAppointmentRequest, in place: WantedPlace, as state: AppointmentState, given facts: GatheredFacts, at now: Instant
    ) -> Appointment {
        var appointment = newAppointment(in: place, given: facts, at: now)
        appointment.status = AppointmentStatus(state)
        if state == .cancelled, !request.cancelReason.isEmpty { appointment.cancelReason = request.cancelReason }
        if state == .cancelled || state == .noShow { appointment.feePercent = Int32(FeePercent.none) }
        return appointment
    }
}

extension ImportAppointmentRequest {
    /// SCHEDULED where nothing is said.
    fileprivate func state() throws(Rejection) -> AppointmentState {
        if status == .unspecified { return .scheduled }
        guard let state = status.state else { throw Rejection(invalid: [.init(field: "status", sentence: "is not a status")]) }
        return state
    }
}
