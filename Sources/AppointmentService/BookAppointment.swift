import AppointmentRules
public import Contracts
import Logging
public import RPC
import ServiceKit
import Storage
import Vocabulary

extension AppointmentService {
    /// Books a slot: asks who would meet in it, and decides and commits in one transaction with the event that tells of it.
    public func bookAppointment(_ request: BookAppointmentRequest, _ context: CallContext) async throws -> BookAppointmentResponse {
        let asked = try AskedSlot(start: request.slotStart, end: request.slotEnd)
        let remembered = peers.rememberedPeople(of: request.patientID, with: request.doctorID, in: asked.ofUsualLength)
        if let remembered, let booked = try await bookByHearsay(request, asked, given: remembered, context) { return booked }
        let told = try await people(of: request, asked, anew: remembered != nil, context)
        guard told.isHearsay else { return try await book(request, asked, given: told, context) }
        if let booked = try await bookByHearsay(request, asked, given: told, context) { return booked }
        return try await book(request, asked, given: try await people(of: request, asked, anew: true, context), context)
    }

    private func people(
        of request: BookAppointmentRequest, _ asked: AskedSlot, anew: Bool, _ context: CallContext
    ) async throws -> BookingPeople {
        try await peers.people(of: request.patientID, with: request.doctorID, in: asked.ofUsualLength, anew: anew, context)
    }

    /// Books on what was said in the last two seconds, to this replica or to another. That serves only to book: where it
    /// refuses, nil, and both are to be asked anew.
    private func bookByHearsay(
        _ request: BookAppointmentRequest, _ asked: AskedSlot, given people: BookingPeople, _ context: CallContext
    ) async throws -> BookAppointmentResponse? {
        do {
            return try await book(request, asked, given: people, context)
        } catch  where error is Rejection || error is RPCError {
            resources.logger.debug(
                "A booking is refused by what was said before, and both are asked",
                metadata: ["correlation_id": "\(context.correlationID)", "error": "\(error)"])
            return nil
        }
    }

    private func book(
        _ request: BookAppointmentRequest, _ asked: AskedSlot, given people: BookingPeople, _ context: CallContext
    ) async throws -> BookAppointmentResponse {
        let place = WantedPlace(
            patientID: request.patientID, doctorID: request.doctorID, slot: asked.slot, day: calendar.day(of: asked.slot.start))
        let booking = asked.request(in: request.department)
        let now = clock.now()
        // What needs no transaction is made before it: all writers wait for the one that writes.
        let appointment = newAppointment(in: place, given: people, at: now)
        let (known, caller) = (people.facts(beside: .none, calendar), context.caller)
        let news = event(.booked, of: appointment, at: now, context)
        if let rejection = rejection(of: booking, given: known, at: now) { throw rejection }
        do {
            return try await commit(context, on: database) { [counts] transaction in
                try transaction.insertUnhindered(appointment, in: place, telling: news, at: now, by: caller)
                counts.count(.booked, of: appointment, in: transaction)
                try people.age.requireFresh()
                return BookAppointmentResponse(appointment: appointment)
            }
        } catch is Hindered {
            // What stands in the way is looked for below, and named in the order of the rules.
        }
        return try await commit(context, on: database) { [self] transaction in
            let obstacles = try transaction.obstacles(in: place, calendar)
            if let rejection = rejection(of: booking, given: known.beside(obstacles.taken), at: now) { throw rejection }
            try obstacles.requireNoHold()
            try people.age.requireFresh()
            let told = try transaction.publishPlaced(news)
            counts.count(.booked, of: appointment, in: transaction)
            try transaction.insert(appointment, on: place.day, Step(at: now, by: caller, reason: nil, eventSequence: told))
            return BookAppointmentResponse(appointment: appointment)
        }
    }

    /// An appointment that is to be, with the doctor's department and fee as they are now.
    func newAppointment(in place: WantedPlace, given people: BookingPeople, at now: Instant) -> Appointment {
        Appointment(
            appointmentID: resources.ids.make(.appointment), patientID: place.patientID, doctorID: place.doctorID,
            department: people.doctor?.doctor?.department ?? "", slotStart: ProtobufTimestamp(place.slot.start),
            slotEnd: ProtobufTimestamp(place.slot.end), status: .scheduled,
            consultationFee: people.consultationFee(orElse: resources.clinic.consultationFee), createdAt: ProtobufTimestamp(now), version: 1
        )
    }
}

extension CallContext {
    /// Role and subject of the caller, as histories name him: `reception:desk-2`.
    var caller: String {
        guard let principal else { return "" }
        return "\(CallerRole(principal.role)?.rawValue ?? ""):\(principal.subject)"
    }
}
