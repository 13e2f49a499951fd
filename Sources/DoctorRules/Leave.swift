public import Vocabulary

/// What is known when a leave is entered.
public struct LeaveFacts: Hashable, Sendable {
    public let doctorIsActive: Bool
    /// In the time of the leave.
    public let activeAppointments: Int

    public init(doctorIsActive: Bool, activeAppointments: Int) {
        self.doctorIsActive = doctorIsActive
        self.activeAppointments = activeAppointments
    }
}

/// People: leave over active appointments is refused, unless they are cancelled. The first rule broken is the answer.
public func rejectionOfLeave(cancellingAppointments: Bool, given facts: LeaveFacts) -> Rejection? {
    if let rejection = rejectionOfChange(whereDoctorIsActive: facts.doctorIsActive) { return rejection }
    if facts.activeAppointments > 0 && !cancellingAppointments {
        return Rejection(.leaveConflict, "The doctor has active appointments in this time.")
    }
    return nil
}
