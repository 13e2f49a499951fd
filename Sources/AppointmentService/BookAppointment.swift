import AppointmentRules
public import Contracts
public import RPC
import ServiceKit
import Storage
import Vocabulary

extension AppointmentService {
    /// Books a slot: asks who would meet in it, and decides and commits in one transaction with the event that tells of it.
    public func bookAppointment(_ request: BookAppointmentRequest, _ context: CallContext) async throws -> BookAppointmentResponse {
        let slot = try Slot(start: request.slotStart, end: request.slotEnd)
        let booking = BookingRequest(slot: slot, department: request.department)
        let facts = try await peers.facts(of: request.patientID, with: request.doctorID, in: slot.asked, context)
        let place = WantedPlace(
            patientID: request.patientID, doctorID: request.doctorID, slot: slot, day: calendar.day(of: slot.start))
        let now = clock.now()
        let appointment = newAppointment(in: place, given: facts, at: now)
        return try await commit(context, on: database) { [self] transaction in
            let places = try transaction.takenPlaces(beside: place)
            if let rejection = rejection(of: booking, given: facts.booking(places, calendar), at: now) { throw rejection }
            try transaction.requireNoHold(on: place)
            try facts.age.requireFresh()
            try transaction.insert(appointment, on: place.day, Step(at: now, by: context.caller, reason: nil))
            try transaction.publish(event(.booked, of: appointment, at: now, context))
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
    func requireNoHold(on place: WantedPlace) throws {
        guard try isHeld(place, at: HospitalClock.system.now()) else { return }
        throw RPCError.unavailable("The patient or the doctor is about to change.", retryAfter: .seconds(1))
    }
}

extension Slot {
    /// - Throws: `INVALID_ARGUMENT` where one of them is no time, or the end of the calendar cuts the slot off.
    init(start: ProtobufTimestamp?, end: ProtobufTimestamp?) throws(Rejection) {
        guard let start = start?.instant, ProtobufTimestamp(start + Slot.length).instant != nil else { throw .noTime("slot_start") }
        guard let end else {
            self.init(start: start)
            return
        }
        guard let end = end.instant else { throw .noTime("slot_end") }
        self.init(start: start, end: end)
    }

    /// The time for which the doctor service is asked: of a slot that lasts too short or too long, what it should last.
    var asked: Slot { Slot(start: start) }
}

extension Rejection {
    static func noTime(_ field: String) -> Rejection {
        Rejection(invalid: [.init(field: field, sentence: "must be a time between the years 1 and 9999")])
    }
}

extension CallContext {
    /// Role and subject of the caller, as histories name him: `reception:desk-2`.
    var caller: String {
        guard let principal else { return "" }
        return "\(CallerRole(principal.role)?.rawValue ?? ""):\(principal.subject)"
    }
}
