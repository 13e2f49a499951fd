/// Where an appointment stands: `SCHEDULED → (CHECKED_IN) → COMPLETED | CANCELLED | NO_SHOW`. A check-in and a no-show can be
/// taken back on their day.
public enum AppointmentState: CaseIterable, Hashable, Sendable {
    case scheduled, checkedIn, completed, cancelled, noShow

    /// Whether it holds its slot, for the patient and for the doctor.
    public var isActive: Bool {
        switch self {
        case .scheduled, .checkedIn: true
        case .completed, .cancelled, .noShow: false
        }
    }

    /// Whether it makes the doctor one who treats the patient. What was called off or missed does not.
    public var isTreatment: Bool {
        switch self {
        case .scheduled, .checkedIn, .completed: true
        case .cancelled, .noShow: false
        }
    }

    /// Whether nothing follows, unless it is taken back.
    public var isFinal: Bool { !isActive }
}
