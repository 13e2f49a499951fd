public import Vocabulary

/// As what an appointment of another system is taken over.
public enum TakeOver: Hashable, Sendable {
    /// As a fact: it has happened, or was called off. It is kept as it was, whatever the rules of booking say.
    case fact(AppointmentState)
    /// As nothing: its time has come, but it is said to be active, and nobody says what has become of it.
    case unfinished
    /// As nothing: it is said to have ended, but is still to come.
    case premature(AppointmentState)
    /// As a booking, for it is to come. That it waits, or that the patient is there already, is said of it.
    case booking(AppointmentState)

    /// - Parameters:
    ///   - state: where the other system says that it stands.
    ///   - unfinished: what becomes of one that has begun and is said to be active; nil where that is not known.
    public init(of slot: Slot, in state: AppointmentState, orIfUnfinished unfinished: AppointmentState?, at now: Instant) {
        let hasBegun = AppointmentFacts(state: state, slot: slot, rescheduleCount: 0).hasBegun(at: now)
        self =
            switch state {
            case .cancelled: .fact(state)
            case .completed, .noShow: hasBegun ? .fact(state) : .premature(state)
            case .scheduled, .checkedIn: hasBegun ? unfinished.map(Self.fact) ?? .unfinished : .booking(state)
            }
    }
}

/// How long a visit of the past lasts, at most: a stay of a leap year.
public let longestVisit = Duration.seconds(366 * 86_400)

/// Taking over an appointment from another system: every rule that it breaks, in order. Of what is to come they are those of
/// a booking; of a fact only that it is somebody's, with somebody, and took some time.
public func rejectionsOfImport(
    of request: BookingRequest, as takeOver: TakeOver, given facts: BookingFacts, at now: Instant
) -> [Rejection] {
    switch takeOver {
    case .fact: rejectionsOfFact(request, given: facts)
    case .unfinished: rejectionsOfFact(request, given: facts) + [.pastVisitNotFinal]
    case .premature(let state): rejectionsOfFact(request, given: facts) + rejections(of: state, of: request.slot, at: now)
    case .booking(let state):
        BookingRule.allCases.compactMap { $0.rejection(of: request, given: facts, at: now) }
            + rejections(of: state, of: request.slot, at: now)
    }
}

private func rejectionsOfFact(_ request: BookingRequest, given facts: BookingFacts) -> [Rejection] {
    var broken: [Rejection] = []
    if facts.patient == nil { broken.append(.patientNotFound) }
    if facts.doctor == nil { broken.append(.doctorNotFound) }
    let length = request.slot.end - request.slot.start
    if length <= .zero || length > longestVisit { broken.append(.invalidVisit) }
    return broken
}

/// Nobody can have come, or have been seen or missed, before it is time.
private func rejections(of state: AppointmentState, of slot: Slot, at now: Instant) -> [Rejection] {
    let before = AppointmentFacts(state: .scheduled, slot: slot, rescheduleCount: 0)
    let rejection: Rejection? =
        switch state {
        case .checkedIn: rejectionOfCheckIn(of: before, at: now)
        case .completed: rejectionOfCompletion(of: before, at: now)
        case .noShow: rejectionOfNoShow(of: before, at: now)
        case .scheduled, .cancelled: nil
        }
    return rejection.map { [Rejection($0.code, $0.sentence, field: "status")] } ?? []
}
