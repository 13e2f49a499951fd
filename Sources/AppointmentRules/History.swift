public import Vocabulary

/// Taking over an appointment from another system: every rule that it breaks, in order. Lead time is none of them.
///
/// - Parameters:
///   - state: where it stands now. A cancelled one takes no place, so other appointments do not stand against it.
///   - facts: `places` tell of appointments that are not cancelled, active or not.
public func rejectionsOfImport(
    of request: BookingRequest, as state: AppointmentState, given facts: BookingFacts, at now: Instant
) -> [Rejection] {
    let rules = BookingRule.allCases.filter { rule in
        switch rule {
        case .leadTime: false
        case .patientSlot, .doctorSlot, .dailyCap: state != .cancelled
        case .activePatient, .activeDoctor, .grid, .clinicHours, .department, .doctorAvailable: true
        }
    }
    let broken = rules.compactMap { $0.rejection(of: request, given: facts, at: now) }
    return broken + [rejectionOfImport(in: state, of: request.slot, at: now)].compactMap { $0 }
}

/// What has not happened yet can't be history.
private func rejectionOfImport(in state: AppointmentState, of slot: Slot, at now: Instant) -> Rejection? {
    let before = AppointmentFacts(state: .scheduled, slot: slot, rescheduleCount: 0)
    let rejection: Rejection? =
        switch state {
        case .checkedIn: rejectionOfCheckIn(of: before, at: now)
        case .completed: rejectionOfCompletion(of: before, at: now)
        case .noShow: rejectionOfNoShow(of: before, at: now)
        case .scheduled, .cancelled: nil
        }
    return rejection.map { Rejection($0.code, $0.sentence, field: "status") }
}
