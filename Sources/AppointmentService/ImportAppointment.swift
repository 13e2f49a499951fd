import AppointmentRules
public import Contracts
public import RPC
import ServiceKit
import Storage
import Vocabulary

extension AppointmentService {
    /// Takes over an appointment from another system: what is past or called off as a fact, of which nobody is told and
    /// which is billed where it comes from; what is to come as a booking, with the event that tells of it. One that is there
    /// already is answered as it is, or put right where that is asked.
    ///
    /// - Throws: every rule that it breaks, under the code of the first; `SOURCE_ID_TAKEN`.
    public func importAppointment(_ request: ImportAppointmentRequest, _ context: CallContext) async throws -> ImportAppointmentResponse {
        let wanted = try WantedImport(request)
        let people = try await peers.people(
            of: request.patientID, with: request.doctorID, in: wanted.asked.ofUsualLength, anew: true, context)
        let judged = try judged(wanted, given: people, at: clock.now())
        if request.validateOnly {
            return try await database.read { [self] in try outcome(of: judged, $0).response.ofNothingMade }
        }
        return try await commit(context, on: database) { [self] transaction in
            let outcome = try outcome(of: judged, transaction)
            try make(outcome, of: judged, context, transaction)
            return outcome.response
        }
    }

    private func judged(_ wanted: WantedImport, given people: BookingPeople, at now: Instant) throws -> JudgedImport {
        let request = wanted.request
        let place = WantedPlace(
            patientID: request.patientID, doctorID: request.doctorID, slot: wanted.asked.slot,
            day: calendar.day(of: wanted.asked.slot.start))
        let takeOver = TakeOver(of: place.slot, in: wanted.state, orIfUnfinished: wanted.unfinished, at: now)
        let appointment = newAppointment(in: place, given: people, at: now).takenOver(as: takeOver, request)
        return JudgedImport(wanted: wanted, place: place, takeOver: takeOver, people: people, appointment: appointment, now: now)
    }

    private func outcome(of judged: JudgedImport, _ reader: Reader) throws -> ImportOutcome {
        if let present = try reader.present(judged) {
            guard judged.wanted.request.update, let corrected = try corrected(present, by: judged) else { return .there(present) }
            return .corrected(present, corrected)
        }
        try requireRules(of: judged, as: judged.takeOver, reader)
        return .new(judged.appointment)
    }

    /// What is to become of an imported visit that is there; nil where it is so already, or is no fact of the past.
    private func corrected(_ present: StoredAppointment, by judged: JudgedImport) throws -> Appointment? {
        let request = judged.wanted.request
        guard present.appointment.imported, let state = present.appointment.status.state else { return nil }
        let takeOver = request.status == .unspecified ? .fact(state) : judged.takeOver
        try requireRules(of: judged, as: takeOver, nil)
        let corrected = present.appointment.corrected(as: takeOver, request)
        return corrected == present.appointment ? nil : corrected
    }

    /// - Parameter reader: nil where no other appointment can stand in the way.
    private func requireRules(of judged: JudgedImport, as takeOver: TakeOver, _ reader: Reader?) throws {
        let obstacles = try judged.isBooking ? reader?.obstacles(in: judged.place, calendar) : nil
        let facts = judged.people.facts(beside: obstacles?.taken ?? .none, calendar)
        if let rejection = Rejection(all: rejectionsOfImport(of: judged.booking, as: takeOver, given: facts, at: judged.now)) {
            throw rejection
        }
    }

    private func make(_ outcome: ImportOutcome, of judged: JudgedImport, _ context: CallContext, _ transaction: Transaction) throws {
        switch outcome {
        case .there(let present):
            try transaction.remember(judged.wanted.sourceID, of: present.sequence)
        case .corrected(let present, let appointment):
            try transaction.correct(present, to: appointment, Step(at: judged.now, by: context.caller, reason: ImportStep.corrected))
            try transaction.remember(judged.wanted.sourceID, of: present.sequence)
        case .new(let appointment):
            try add(appointment, of: judged, context, transaction)
        }
    }

    private func add(_ appointment: Appointment, of judged: JudgedImport, _ context: CallContext, _ transaction: Transaction) throws {
        var step = Step(at: judged.now, by: context.caller, reason: ImportStep.imported)
        if judged.isBooking {
            try transaction.obstacles(in: judged.place, calendar).requireNoHold()
            try judged.people.age.requireFresh()
            step.eventSequence = try transaction.publishPlaced(event(.booked, of: appointment, at: judged.now, context))
            counts.count(.booked, of: appointment, in: transaction)
        }
        let sequence = try transaction.insert(appointment, on: judged.place.day, step)
        try transaction.remember(judged.wanted.sourceID, of: sequence)
    }
}

/// What the history of an appointment says of an import.
enum ImportStep {
    static let imported = "Imported"
    static let corrected = "Put right by an import"
}

/// What is there or to be when an import is done.
private enum ImportOutcome {
    case there(StoredAppointment)
    case corrected(StoredAppointment, Appointment)
    case new(Appointment)

    var response: ImportAppointmentResponse {
        switch self {
        case .there(let present): ImportAppointmentResponse(appointment: present.appointment, alreadyThere: true)
        case .corrected(_, let appointment): ImportAppointmentResponse(appointment: appointment, alreadyThere: true, updated: true)
        case .new(let appointment): ImportAppointmentResponse(appointment: appointment)
        }
    }
}

extension ImportAppointmentResponse {
    /// As an answer to what was only to be checked: what would be made leads nowhere.
    fileprivate var ofNothingMade: ImportAppointmentResponse {
        guard !alreadyThere else { return self }
        var response = self
        response.appointment?.appointmentID = ""
        response.appointment?.createdAt = nil
        response.appointment?.version = 0
        return response
    }
}

extension Appointment {
    fileprivate func takenOver(as takeOver: TakeOver, _ request: ImportAppointmentRequest) -> Appointment {
        guard case .fact(let state) = takeOver else { return self }
        var appointment = self
        appointment.imported = true
        appointment.become(state, request)
        return appointment
    }

    /// What the request says nothing of stays.
    fileprivate func corrected(as takeOver: TakeOver, _ request: ImportAppointmentRequest) -> Appointment {
        guard case .fact(let state) = takeOver else { return self }
        var appointment = self
        if let end = request.slotEnd?.instant { appointment.slotEnd = ProtobufTimestamp(end) }
        appointment.become(state, request)
        if appointment != self { appointment.version += 1 }
        return appointment
    }

    /// Nobody owes anything for what has happened elsewhere.
    private mutating func become(_ state: AppointmentState, _ request: ImportAppointmentRequest) {
        status = AppointmentStatus(state)
        feePercent = state == .completed ? nil : Int32(FeePercent.none)
        if state != .cancelled { cancelReason = nil } else if !request.cancelReason.isEmpty { cancelReason = request.cancelReason }
        if !request.department.isEmpty { department = request.department }
    }
}
