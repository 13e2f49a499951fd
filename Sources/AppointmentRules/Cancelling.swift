public import Vocabulary

/// On whose behalf an appointment is cancelled.
public enum Canceller: CaseIterable, Hashable, Sendable {
    case patient, clinic
}

/// How much of the consultation fee is kept when an appointment does not take place.
public enum FeePercent {
    public static let none = 0
    public static let lateCancellation = 50
    public static let noShow = 100
}

/// Up to this lead time a cancellation is late; above it, it is free.
public let lateCancellation = Duration.seconds(2 * 3_600)

/// Cancelling: of an active appointment, before its slot starts; by the clinic until the end of that clinic day, for the
/// doctor who falls ill and the patient who leaves unseen.
public func rejectionOfCancellation(
    of appointment: AppointmentFacts, by canceller: Canceller, at now: Instant, _ calendar: ClinicCalendar
) -> Rejection? {
    if !appointment.state.isActive { return .invalidState(appointment.state) }
    let isTooLate =
        switch canceller {
        case .patient: appointment.hasBegun(at: now)
        case .clinic: calendar.day(of: now) > calendar.day(of: appointment.slot.start)
        }
    return isTooLate ? .appointmentStarted : nil
}

/// Who pays: nothing is kept when the clinic cancels, or with a lead time of more than two hours; else half of the fee.
public func feePercent(ofCancelling slot: Slot, by canceller: Canceller, at now: Instant) -> Int {
    if canceller == .clinic { return FeePercent.none }
    if slot.start - now > lateCancellation { return FeePercent.none }
    return FeePercent.lateCancellation
}
