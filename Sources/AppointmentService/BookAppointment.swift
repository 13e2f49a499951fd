import AppointmentRules
public import Contracts
public import RPC
import ServiceKit
import Storage
import Vocabulary

extension AppointmentService {
    /// Books a slot: asks who would meet in it, and decides and commits in one transaction with the event that tells of it.
    ///
    /// What was said of both in the last two seconds serves too, but only to book: where it refuses, both are asked anew.
    public func bookAppointment(_ request: BookAppointmentRequest, _ context: CallContext) async throws -> BookAppointmentResponse {
        let asked = try AskedSlot(start: request.slotStart, end: request.slotEnd)
        let slot = asked.ofUsualLength
        if let remembered = peers.rememberedFacts(of: request.patientID, with: request.doctorID, in: slot) {
            do {
                return try await book(request, asked, given: remembered, context)
            } catch  where error is Rejection || error is RPCError {
                // What is remembered may be out of date, so it refuses nobody: both are asked.
            }
        }
        let facts = try await peers.facts(of: request.patientID, with: request.doctorID, in: slot, context)
        return try await book(request, asked, given: facts, context)
    }

    private func book(
        _ request: BookAppointmentRequest, _ asked: AskedSlot, given facts: GatheredFacts, _ context: CallContext
    ) async throws -> BookAppointmentResponse {
        let place = WantedPlace(
            patientID: request.patientID, doctorID: request.doctorID, slot: asked.slot, day: calendar.day(of: asked.slot.start))
        let booking = asked.request(in: request.department)
        let now = clock.now()
        let appointment = newAppointment(in: place, given: facts, at: now)
        return try await commit(context, on: database) { [self] transaction in
            let places = try transaction.takenPlaces(beside: place)
            if let rejection = rejection(of: booking, given: facts.booking(places, calendar), at: now) { throw rejection }
            try transaction.requireNoHold(on: place, calendar)
            try facts.age.requireFresh()
            let told = try transaction.publish(event(.booked, of: appointment, at: now, context))
            try transaction.insert(appointment, on: place.day, Step(at: now, by: context.caller, reason: nil, eventSequence: told))
            return BookAppointmentResponse(appointment: appointment)
        }
    }

    /// An appointment that is to be, with the doctor's department and fee as they are now.
    func newAppointment(in place: WantedPlace, given facts: GatheredFacts, at now: Instant) -> Appointment {
        Appointment(
            appointmentID: resources.ids.make(AppointmentID.self).rawValue, patientID: place.patientID, doctorID: place.doctorID,
            department: facts.doctor?.doctor?.department ?? "", slotStart: ProtobufTimestamp(place.slot.start),
            slotEnd: ProtobufTimestamp(place.slot.end), status: .scheduled,
            consultationFee: facts.consultationFee(orElse: resources.clinic.consultationFee), createdAt: ProtobufTimestamp(now), version: 1)
    }
}

extension Reader {
    /// - Throws: `UNAVAILABLE` while a doctor or a patient service is about to commit what this place may not meet.
    func requireNoHold(on place: WantedPlace, _ calendar: ClinicCalendar) throws {
        guard try isHeld(place, at: HospitalClock.system.now(), calendar) else { return }
        throw RPCError.unavailable("The patient or the doctor is about to change.", retryAfter: .seconds(1))
    }
}

extension CallContext {
    /// Role and subject of the caller, as histories name him: `reception:desk-2`.
    var caller: String {
        guard let principal else { return "" }
        return "\(CallerRole(principal.role)?.rawValue ?? ""):\(principal.subject)"
    }
}
