public import Vocabulary

/// An appointment that is to take a step.
public struct AppointmentFacts: Hashable, Sendable {
    public let state: AppointmentState
    public let slot: Slot
    public let rescheduleCount: Int

    public init(state: AppointmentState, slot: Slot, rescheduleCount: Int) {
        self.state = state
        self.slot = slot
        self.rescheduleCount = rescheduleCount
    }

    /// Whether its slot has started: exactly at the start, too.
    public func hasBegun(at now: Instant) -> Bool { now >= slot.start }
}

/// How early before its start a patient can check in to an appointment.
public let earliestCheckIn = Duration.seconds(60 * 60)
/// How long after its start a patient who has not come is a no-show.
public let patienceWithNoShow = Duration.seconds(15 * 60)

/// Checking in: from 60 minutes before the start until the end, which is no part of the slot.
public func rejectionOfCheckIn(of appointment: AppointmentFacts, at now: Instant) -> Rejection? {
    if appointment.state != .scheduled { return .invalidState(appointment.state) }
    if now < appointment.slot.start - earliestCheckIn || now >= appointment.slot.end { return .checkInWindow }
    return nil
}

/// Completing: of an active appointment, from its start on.
public func rejectionOfCompletion(of appointment: AppointmentFacts, at now: Instant) -> Rejection? {
    if !appointment.state.isActive { return .invalidState(appointment.state) }
    if !appointment.hasBegun(at: now) { return .appointmentNotStarted }
    return nil
}

/// A no-show: of a patient who has not checked in, from 15 minutes after the start on.
public func rejectionOfNoShow(of appointment: AppointmentFacts, at now: Instant) -> Rejection? {
    if appointment.state != .scheduled { return .invalidState(appointment.state) }
    if now < appointment.slot.start + patienceWithNoShow { return .noShowTooEarly }
    return nil
}
