public import Vocabulary

/// People: leave over active appointments is refused; the caller may have them cancelled instead.
public func rejectionOfLeave(over appointments: StandingAppointments) -> Rejection? {
    appointments.rejection(.leaveConflict, "in this time")
}
