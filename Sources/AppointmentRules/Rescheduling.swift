public import Vocabulary

/// How often an appointment can be moved.
public let maximumReschedules = 2
/// An appointment is moved with more lead time than this.
public let rescheduleCutOff = Duration.seconds(60 * 60)

/// Moving an appointment. The first rule broken is the answer.
///
/// - Parameters:
///   - request: the new slot, with the appointment's department.
///   - facts: what is known of the new slot, the appointment itself not counted. The patient is not looked at.
public func rejectionOfRescheduling(
    _ appointment: AppointmentFacts, to request: BookingRequest, given facts: BookingFacts, at now: Instant
) -> Rejection? {
    if let rejection = rejectionOfRescheduling(appointment, to: request, at: now) { return rejection }  // 1–4
    return firstRejection(by: BookingRule.allCases.filter { $0 != .activePatient }, of: request, given: facts, at: now)  // 5
}

/// Rescheduling rules 1–4, which need no facts of the doctor.
public func rejectionOfRescheduling(_ appointment: AppointmentFacts, to request: BookingRequest, at now: Instant) -> Rejection? {
    if appointment.state != .scheduled { return .invalidState(appointment.state) }  // 1
    if appointment.rescheduleCount >= maximumReschedules { return .rescheduleLimit }  // 2
    if appointment.slot.start - now <= rescheduleCutOff { return .rescheduleTooLate }  // 3
    if request.isExact && appointment.slot.start == request.slot.start { return .sameSlot }  // 4
    return nil
}
