public import Vocabulary

/// The step that an appointment has taken last.
public struct LastStep: Hashable, Sendable {
    /// Where the appointment stood before; nil where it came into being by the step.
    public let before: AppointmentState?
    public let after: AppointmentState
    public let takenAt: Instant

    public init(from before: AppointmentState?, to after: AppointmentState, at takenAt: Instant) {
        self.before = before
        self.after = after
        self.takenAt = takenAt
    }
}

/// Taking back: of a check-in or a no-show, on the day of the clinic's calendar on which it was noted. What was noted
/// wrongly is seen on the day itself; later, others have counted on it.
public func rejectionOfUndo(of step: LastStep, at now: Instant, _ calendar: ClinicCalendar) -> Rejection? {
    if !step.canBeTakenBack { return .invalidState(step.after) }
    if calendar.day(of: now) != calendar.day(of: step.takenAt) { return .undoTooLate }
    return nil
}

/// A no-show that is taken back takes its place again: the patient is still one, and nobody else is in the slot.
///
/// The doctor is not asked for, because the slot has begun: whoever has left the clinic ends what he has begun.
///
/// - Parameter places: what others take, the appointment itself not counted.
public func rejectionOfReturning(of patient: BookedPatient?, given places: TakenPlaces) -> Rejection? {
    guard let patient else { return .patientNotFound }
    if !patient.isActive { return .patientInactive }
    if places.patientHasSlot { return .patientSlotTaken }
    return places.doctorHasSlot ? .doctorSlotTaken : nil
}

extension LastStep {
    fileprivate var canBeTakenBack: Bool {
        guard before == .scheduled else { return false }
        switch after {
        case .checkedIn, .noShow: return true
        case .scheduled, .completed, .cancelled: return false
        }
    }
}
